/**
 * Memory of a request. kafkajs copies what it sends twice, as it puts something before it, each time into memory of the
 * next power of two: four times of what is sent, all of it outside of V8's heap, which has everything collected for it
 * sooner. Here there is room before a body, and what comes before it is put there.
 */
const roomBytes = 256;

/** How much room there is left before it. */
const room = Symbol('room before a body');

/** What kafkajs's Encoder has of it, and takes of another one. */
export interface Encoder {
  buf: Buffer;
  offset: number;
  [room]?: number;
}

/** An Encoder that is full of what `write` puts into it. */
export const bodyOf = (
  bytes: number,
  write: (body: Buffer) => void,
): Encoder & { readonly buffer: Buffer } => {
  const buf = Buffer.allocUnsafe(roomBytes + bytes).subarray(roomBytes);
  write(buf);
  return { buf, buffer: buf, offset: bytes, [room]: roomBytes };
};

/** Puts what one Encoder has before the body of another, and gives it all of that; false: there is no room for it. */
export const putBefore = (head: Encoder, { buf, offset, [room]: left = 0 }: Encoder): boolean => {
  if (head.offset > left) return false;
  const whole = Buffer.from(buf.buffer, buf.byteOffset - head.offset, head.offset + offset);
  head.buf.copy(whole, 0, 0, head.offset);
  head.buf = whole;
  head[room] = left - head.offset;
  head.offset = whole.length;
  return true;
};
