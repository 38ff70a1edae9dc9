/** Bytes of a number, at most: one of 64 bits has ten. */
const maxVarint = 10;
const valueBits = 7;
const doubleBytes = 8;
/** How a value is written is in the last bits of what stands before it. */
const kindBits = 3;
const kinds = { varint: 0, double: 1, bytes: 2, float: 5 } as const;

const none = new Uint8Array();

const beyond = (): RangeError => new RangeError('the message ends within a field');

/**
 * Reads what protobuf's messages consist of (protobuf.dev/programming-guides/encoding), one after the other. All of it
 * throws RangeError where the bytes end too soon.
 *
 * A message is read so: `for (const end = from.open(); from.isBefore(end); )` with a look at the next tag(), of which each
 * field that is not known goes to skip().
 */
export class ByteReader {
  #bytes: Uint8Array = none;
  #buffer: Buffer = Buffer.alloc(0);
  #view: DataView = new DataView(none.buffer);
  #at = 0;
  #kind = 0;

  /** Begins with other bytes. */
  reset(bytes: Buffer): void {
    this.#bytes = this.#buffer = bytes;
    this.#view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    this.#at = 0;
  }

  /** The next byte that is read. */
  get at(): number {
    return this.#at;
  }

  /** Whether there is more before that byte. @throws RangeError when the last field went beyond it */
  isBefore(end: number): boolean {
    if (this.#at > end) throw beyond();
    return this.#at < end;
  }

  /** The number of the field that comes next. */
  tag(): number {
    const tag = this.varint();
    this.#kind = tag & ((1 << kindBits) - 1);
    return tag >>> kindBits;
  }

  /** A number; of more than 32 bits the last ones. */
  varint(): number {
    const bytes = this.#bytes;
    let value = 0;
    for (let index = 0; index < maxVarint; index += 1) {
      const byte = bytes[this.#at];
      if (byte === undefined) throw beyond();
      this.#at += 1;
      if (index * valueBits < 32) value |= (byte & 0x7f) << (index * valueBits);
      if (byte < 0x80) return value >>> 0;
    }
    throw new RangeError('a number has more than ten bytes');
  }

  flag(): boolean {
    return this.varint() !== 0;
  }

  double(): number {
    const value = this.#view.getFloat64(this.#at, true);
    this.#at += doubleBytes;
    return value;
  }

  /** Goes into what has its length before it; where it ends. */
  open(): number {
    const end = this.varint() + this.#at;
    if (end > this.#bytes.length) throw beyond();
    return end;
  }

  /** As a view. */
  bytes(): Buffer {
    const end = this.open();
    const start = this.#at;
    this.#at = end;
    return this.#buffer.subarray(start, end);
  }

  /** @param likely is answered itself where it is what came, which is cheaper than a new text */
  text(likely = ''): string {
    const end = this.open();
    const start = this.#at;
    this.#at = end;
    if (start === end) return '';
    return this.#is(likely, start, end) ? likely : this.#buffer.toString('utf8', start, end);
  }

  #is(text: string, start: number, end: number): boolean {
    if (text.length !== end - start) return false;
    for (let index = 0; index < text.length; index += 1) {
      const byte = this.#bytes[start + index] ?? 0;
      if (byte > 0x7f || byte !== text.charCodeAt(index)) return false;
    }
    return true;
  }

  /** Of a list, which may be written as one field or as many. */
  varints(into: number[]): void {
    if (this.#kind !== kinds.bytes) into.push(this.varint());
    else for (const end = this.open(); this.isBefore(end); ) into.push(this.varint());
  }

  flags(into: boolean[]): void {
    if (this.#kind !== kinds.bytes) into.push(this.flag());
    else for (const end = this.open(); this.isBefore(end); ) into.push(this.flag());
  }

  doubles(into: number[]): void {
    if (this.#kind !== kinds.bytes) into.push(this.double());
    else for (const end = this.open(); this.isBefore(end); ) into.push(this.double());
  }

  /** Passes over the field whose tag was read. */
  skip(): void {
    if (this.#kind === kinds.varint) this.varint();
    else if (this.#kind === kinds.bytes) this.#at = this.open();
    else if (this.#kind === kinds.double) this.#at += doubleBytes;
    else if (this.#kind === kinds.float) this.#at += doubleBytes / 2;
    else throw new RangeError(`a field is written in a way that is not known: ${this.#kind}`);
  }
}
