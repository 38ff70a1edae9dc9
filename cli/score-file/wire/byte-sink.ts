/** Bytes of protobuf (wire types 0, 1 and 2) as they are appended; the buffer grows and is used again. */
export interface ByteSink {
  readonly clear: () => void;
  readonly length: () => number;
  readonly varint: (value: number) => void;
  readonly double: (value: number) => void;
  readonly bytes: (bytes: Uint8Array) => void;
  /** A field of text, with its tag and length. */
  readonly text: (tag: number, text: string) => void;
  /** A copy of all. */
  readonly copy: () => Buffer;
  /** All, until something is appended again. */
  readonly view: () => Buffer;
}

const firstBytes = 16 * 1024;
const longestVarint = 10;
/** UTF-8 takes three bytes at most for a unit of UTF-16. */
const widest = 3;

export const varintBytes = (value: number): number => {
  let bytes = 1;
  for (let rest = value; rest > 0x7f; rest = Math.floor(rest / 0x80)) bytes += 1;
  return bytes;
};

export const byteSink = (): ByteSink => {
  let buffer = Buffer.allocUnsafe(firstBytes);
  let end = 0;
  const ensure = (more: number): void => {
    if (end + more <= buffer.length) return;
    const wider = Buffer.allocUnsafe(Math.max(buffer.length * 2, end + more));
    buffer.copy(wider, 0, 0, end);
    buffer = wider;
  };
  const varint = (value: number): void => {
    ensure(longestVarint);
    let rest = value;
    while (rest > 0x7f) {
      buffer[end++] = (rest & 0x7f) | 0x80;
      rest = Math.floor(rest / 0x80);
    }
    buffer[end++] = rest;
  };
  return {
    clear: () => {
      end = 0;
    },
    length: () => end,
    varint,
    double: (value) => {
      ensure(8);
      end = buffer.writeDoubleLE(value, end);
    },
    bytes: (bytes) => {
      ensure(bytes.length);
      buffer.set(bytes, end);
      end += bytes.length;
    },
    text: (tag, text) => {
      ensure(text.length * widest + 2 * longestVarint);
      varint(tag);
      varint(Buffer.byteLength(text));
      end += buffer.write(text, end);
    },
    copy: () => Buffer.from(buffer.subarray(0, end)),
    view: () => buffer.subarray(0, end),
  };
};
