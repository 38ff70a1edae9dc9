/**
 * Writes protobuf into one buffer, whose size is known before (https://protobuf.dev/programming-guides/encoding). Numbers
 * of fields go up to 15, so that a key is one byte; what holds its default is left out.
 */

const [varint, sized] = [0, 2];
const doubleBytes = 8;
/** Below so many characters a loop is quicker than a call. */
const shortText = 64;

const varintBytes = (value: number): number => {
  let bytes = 1;
  for (let left = value; left >= 128; left = Math.floor(left / 128)) bytes += 1;
  return bytes;
};

/** What fields take, with their keys and lengths. */
export const fieldBytes = {
  sized: (length: number): number => 1 + varintBytes(length) + length,
  number: (value = 0): number => (value === 0 ? 0 : 1 + varintBytes(value)),
  text: (text = ''): number => (text === '' ? 0 : fieldBytes.sized(Buffer.byteLength(text))),
  bytes: (bytes: Uint8Array | undefined): number =>
    bytes === undefined ? 0 : fieldBytes.sized(bytes.length),
  doubles: ({ length }: readonly unknown[]): number =>
    length === 0 ? 0 : fieldBytes.sized(length * doubleBytes),
  flags: ({ length }: readonly unknown[]): number => (length === 0 ? 0 : fieldBytes.sized(length)),
} as const;

export class FieldWriter {
  readonly bytes: Buffer;
  readonly #view: DataView;
  #at = 0;

  constructor(bytes: number) {
    this.bytes = Buffer.allocUnsafeSlow(bytes);
    this.#view = new DataView(this.bytes.buffer);
  }

  /** The key and the length of what is written next. */
  begin(field: number, length: number): void {
    this.#varint(field * 8 + sized);
    this.#varint(length);
  }

  number(field: number, value = 0): void {
    if (value === 0) return;
    this.#varint(field * 8 + varint);
    this.#varint(value);
  }

  text(field: number, text = ''): void {
    if (text !== '') this.textAlways(field, text);
  }

  /** Of a repeated field: empty ones, too. */
  textAlways(field: number, text: string): void {
    const length = Buffer.byteLength(text);
    this.begin(field, length);
    if (length === text.length && length < shortText)
      for (let index = 0; index < length; index += 1) this.bytes[this.#at + index] = text.charCodeAt(index);
    else this.bytes.write(text, this.#at);
    this.#at += length;
  }

  put(field: number, bytes: Uint8Array | undefined): void {
    if (bytes === undefined) return;
    this.begin(field, bytes.length);
    this.bytes.set(bytes, this.#at);
    this.#at += bytes.length;
  }

  doubles(field: number, values: readonly (number | string)[]): void {
    if (values.length === 0) return;
    this.begin(field, values.length * doubleBytes);
    for (const value of values) {
      this.#view.setFloat64(this.#at, Number(value), true);
      this.#at += doubleBytes;
    }
  }

  flags(field: number, values: readonly boolean[]): void {
    if (values.length === 0) return;
    this.begin(field, values.length);
    for (const value of values) this.#varint(value ? 1 : 0);
  }

  #varint(value: number): void {
    let left = value;
    for (; left >= 128; left = Math.floor(left / 128)) {
      this.bytes[this.#at] = (left % 128) + 128;
      this.#at += 1;
    }
    this.bytes[this.#at] = left;
    this.#at += 1;
  }
}
