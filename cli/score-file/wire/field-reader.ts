const wire = { varint: 0, fixed64: 1, delimited: 2, fixed32: 5 } as const;

/**
 * Goes through the fields of a protobuf message that lies among other bytes. No part of it is copied, nor made an object
 * of: of a small message those take longer than its fields.
 */
export class FieldReader {
  readonly bytes: Buffer;
  /** Of the field where it stands. */
  number = 0;
  /** Of a varint its value, of a double the number itself. */
  value = 0;
  /** Where the value of a length-delimited field lies. */
  start = 0;
  end = 0;
  readonly #limit: number;
  #at: number;

  constructor(bytes: Buffer, start: number, end: number) {
    this.bytes = bytes;
    this.#at = start;
    this.#limit = end;
  }

  /** Steps to the next field; false: there is none. @throws Error where the bytes are no message of a gateway */
  next(): boolean {
    if (this.#at >= this.#limit) return false;
    const tag = this.#varint();
    const type = tag & 7;
    this.number = tag >>> 3;
    if (type === wire.delimited) {
      const length = this.#varint();
      this.start = this.#skip(length);
      this.end = this.#at;
    } else if (type === wire.varint) this.value = this.#varint();
    else if (type === wire.fixed64) this.value = this.bytes.readDoubleLE(this.#skip(8));
    else if (type === wire.fixed32) this.#skip(4);
    else throw new Error(`an answer has a field of wire type ${type}`);
    return true;
  }

  /** The message in the field where it stands. */
  inner(): FieldReader {
    return new FieldReader(this.bytes, this.start, this.end);
  }

  text(): string {
    return this.bytes.toString('utf8', this.start, this.end);
  }

  #skip(length: number): number {
    const from = this.#at;
    this.#at += length;
    if (this.#at > this.#limit) throw new Error('an answer ends in the middle of a field');
    return from;
  }

  #varint(): number {
    let value = 0;
    for (let factor = 1; ; factor *= 0x80) {
      const byte = this.bytes[this.#skip(1)] ?? 0;
      value += (byte & 0x7f) * factor;
      if (byte < 0x80) return value;
    }
  }
}
