import { writeAscii } from '../../collections/write-ascii.ts';

/** Bytes of a number as a varint in zigzag. */
export const varintBytes = (value: number): number => {
  let bytes = 1;
  for (let left = zigzag(value); left >= 128; left = Math.floor(left / 128)) bytes += 1;
  return bytes;
};

const lengthOf = (source: Buffer | string): number =>
  typeof source === 'string' ? Buffer.byteLength(source) : source.length;

/** Of what has its length before it; texts are UTF-8. */
export const sizedBytes = (source: Buffer | string): number => {
  const length = lengthOf(source);
  return varintBytes(length) + length;
};

/** Times have more than 32 bits. */
const zigzag = (value: number): number => (value < 0 ? -value * 2 - 1 : value * 2);

/** Below so many bytes a loop is quicker than a call. */
const shortBytes = 48;

/** Writes what Kafka's protocol consists of into a buffer, from front to back. */
export class Writer {
  readonly bytes: Buffer;
  at: number;

  constructor(bytes: Buffer, at: number) {
    this.bytes = bytes;
    this.at = at;
  }

  byte(value: number): void {
    this.bytes[this.at] = value;
    this.at += 1;
  }

  int16(value: number): void {
    this.at = this.bytes.writeInt16BE(value, this.at);
  }

  int32(value: number): void {
    this.at = this.bytes.writeInt32BE(value, this.at);
  }

  varint(value: number): void {
    let left = zigzag(value);
    for (; left >= 128; left = Math.floor(left / 128)) this.byte((left % 128) + 128);
    this.byte(left);
  }

  put(source: Buffer): void {
    const { bytes, at } = this;
    const { length } = source;
    if (length < shortBytes)
      for (let index = 0; index < length; index += 1) bytes[at + index] = source[index] as number;
    else bytes.set(source, at);
    this.at = at + length;
  }

  /** With its length before it. */
  sized(source: Buffer | string): void {
    const length = lengthOf(source);
    this.varint(length);
    if (typeof source === 'string') this.#text(source, length);
    else this.put(source);
  }

  #text(text: string, length: number): void {
    if (length >= shortBytes || !writeAscii(this.bytes, this.at, text)) this.bytes.write(text, this.at);
    this.at += length;
  }
}
