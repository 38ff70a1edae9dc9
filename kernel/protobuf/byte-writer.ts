import { shortText, writeAscii } from '../collections/write-ascii.ts';

/** UTF-8 has no more bytes for what JavaScript counts as one. */
const maxUtf8 = 3;
/** Of a number of 32 bits; ten for one that is negative, of which protobuf writes 64. */
const maxVarint = 10;
const firstBytes = 4096;
/** A buffer that grew beyond this is not kept for the next message. */
const keptBytes = 1024 ** 2;

const viewOf = ({ buffer, byteOffset, length }: Buffer): DataView => new DataView(buffer, byteOffset, length);

/** Writes what protobuf's messages consist of, one after the other, into a buffer that is used again. */
export class ByteWriter {
  #bytes: Buffer = Buffer.allocUnsafeSlow(firstBytes);
  /** Of the same memory: V8 writes a double in place, Buffer byte by byte. */
  #view = viewOf(this.#bytes);
  #at = 0;

  /** What was written since reset(), in memory that is written over after the next one. */
  get written(): Buffer {
    return this.#bytes.subarray(0, this.#at);
  }

  /** Bytes that were written since reset(). */
  get length(): number {
    return this.#at;
  }

  /** Begins anew, also after a message of which something was none of its type. */
  reset(): void {
    this.#at = 0;
    if (this.#bytes.length > keptBytes) this.#use(Buffer.allocUnsafeSlow(firstBytes));
  }

  #use(bytes: Buffer): void {
    this.#bytes = bytes;
    this.#view = viewOf(bytes);
  }

  #room(bytes: number): void {
    const atLeast = this.#at + bytes;
    if (atLeast <= this.#bytes.length) return;
    const larger = Buffer.allocUnsafeSlow(Math.max(atLeast, this.#bytes.length * 2));
    this.#bytes.copy(larger, 0, 0, this.#at);
    this.#use(larger);
  }

  /** @param value of 32 bits, with a sign or without */
  varint(value: number): void {
    this.#room(maxVarint);
    const bytes = this.#bytes;
    let at = this.#at;
    let rest = value >>> 0;
    while (rest > 0x7f) {
      bytes[at] = (rest & 0x7f) | 0x80;
      at += 1;
      rest >>>= 7;
    }
    bytes[at] = rest;
    this.#at = at + 1;
    if (value < 0) this.#extendSign();
  }

  /** Five bytes of 32 bits become the ten of 64. */
  #extendSign(): void {
    const last = this.#at - 1;
    this.#bytes[last] = (this.#bytes[last] ?? 0) | 0xf0;
    this.#bytes.fill(0xff, last + 1, last + 5);
    this.#bytes[last + 5] = 1;
    this.#at = last + 6;
  }

  /** @param value a whole number of 64 bits with a sign */
  varint64(value: number): void {
    if (value >= -0x8000_0000 && value <= 0xffff_ffff) {
      this.varint(value);
      return;
    }
    this.#room(maxVarint);
    let rest = BigInt.asUintN(64, BigInt(value));
    for (; rest > 0x7fn; rest >>= 7n) this.#byte(Number(rest & 0x7fn) | 0x80);
    this.#byte(Number(rest));
  }

  #byte(value: number): void {
    this.#bytes[this.#at] = value;
    this.#at += 1;
  }

  fixed32(value: number): void {
    this.#room(4);
    this.#view.setUint32(this.#at, value, true);
    this.#at += 4;
  }

  fixed64(value: bigint): void {
    this.#room(8);
    this.#view.setBigUint64(this.#at, value, true);
    this.#at += 8;
  }

  double(value: number): void {
    this.#room(8);
    this.#view.setFloat64(this.#at, value, true);
    this.#at += 8;
  }

  /** Writes over eight bytes that were written already. @param at where they begin, of `length` */
  doubleAt(at: number, value: number): void {
    this.#view.setFloat64(at, value, true);
  }

  /** A text in UTF-8, with its length before it. */
  text(value: string): void {
    const { length } = value;
    this.#room(length + 1);
    // Its length takes one byte.
    if (length < shortText && writeAscii(this.#bytes, this.#at + 1, value)) {
      this.#bytes[this.#at] = length;
      this.#at += length + 1;
      return;
    }
    const start = this.open();
    this.#room(length * maxUtf8);
    this.#at += this.#bytes.write(value, this.#at, 'utf8');
    this.close(start);
  }

  /** Bytes, with their length before them. */
  bytes(value: Uint8Array): void {
    this.varint(value.length);
    this.raw(value);
  }

  /** Bytes that are given as hexadecimal digits, with their length before them. */
  hex(digits: string): void {
    const bytes = digits.length >>> 1;
    this.varint(bytes);
    this.#room(bytes);
    this.#bytes.write(digits, this.#at, 'hex');
    this.#at += bytes;
  }

  /** Bytes as they are. */
  raw(value: Uint8Array): void {
    this.#room(value.length);
    this.#bytes.set(value, this.#at);
    this.#at += value.length;
  }

  /** Begins what has its length before it; where it begins, for close(). */
  open(): number {
    this.#room(1);
    this.#at += 1;
    return this.#at;
  }

  /** Ends it. */
  close(start: number): void {
    const length = this.#at - start;
    if (length < 0x80) {
      this.#bytes[start - 1] = length;
      return;
    }
    // The length has more bytes than the one that was left for it.
    let more = 1;
    for (let rest = length >>> 14; rest > 0; rest >>>= 7) more += 1;
    this.#room(more);
    this.#bytes.copyWithin(start + more, start, this.#at);
    this.#at = start - 1;
    this.varint(length);
    this.#at += length;
  }
}
