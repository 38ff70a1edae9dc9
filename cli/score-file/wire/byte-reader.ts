/** A field of a protobuf message. */
export interface Field {
  readonly number: number;
  /** Of a length-delimited field its bytes, else undefined. */
  readonly bytes: Buffer | undefined;
  /** Of a varint its value, of a double the number itself; 0 of a length-delimited field. */
  readonly value: number;
}

const wire = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/** @throws Error where the bytes are no message: what came is no answer of a gateway. */
export const eachField = (
  message: Buffer,
  take: (number: number, bytes: Buffer, value: number) => void,
): void => {
  let at = 0;
  const varint = (): number => {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = message[at];
      if (byte === undefined) throw new Error('an answer ends in the middle of a field');
      at += 1;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  };
  while (at < message.length) {
    const tag = varint();
    const [number, type] = [tag >>> 3, tag & 7];
    if (type === wire.delimited) {
      const length = varint();
      if (at + length > message.length) throw new Error('an answer ends in the middle of a field');
      take(number, message.subarray(at, at + length), 0);
      at += length;
    } else if (type === wire.varint) take(number, none, varint());
    else if (type === wire.fixed64) {
      take(number, none, message.readDoubleLE(at));
      at += 8;
    } else if (type === wire.fixed32) at += 4;
    else throw new Error(`an answer has a field of wire type ${type}`);
  }
};

const none = Buffer.alloc(0);
