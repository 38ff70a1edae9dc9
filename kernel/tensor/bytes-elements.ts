/** BYTES elements: each one behind its length in four little-endian bytes. */

const utf8 = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });
/** Bytes of the length in front of each element. */
export const bytesLengthPrefix = 4;

export type Parsed<T> = { readonly value: T } | { readonly error: string };

const viewOf = (data: Uint8Array): DataView => new DataView(data.buffer, data.byteOffset, data.byteLength);

/** Splits raw BYTES data into elements, as views. */
export const splitBytes = (data: Uint8Array): Parsed<Uint8Array[]> => {
  const view = viewOf(data);
  const elements: Uint8Array[] = [];
  let at = 0;
  while (at < data.byteLength) {
    if (at + bytesLengthPrefix > data.byteLength)
      return { error: `element ${elements.length} has no whole length` };
    const length = view.getUint32(at, true);
    at += bytesLengthPrefix;
    if (at + length > data.byteLength) {
      return {
        error: `element ${elements.length} should have ${length} bytes, ${data.byteLength - at} are left`,
      };
    }
    elements.push(data.subarray(at, at + length));
    at += length;
  }
  return { value: elements };
};

/** Joins elements into raw BYTES data. */
export const joinBytes = (elements: readonly Uint8Array[]): Uint8Array => {
  const total = elements.reduce((sum, element) => sum + bytesLengthPrefix + element.byteLength, 0);
  const data = new Uint8Array(total);
  const view = viewOf(data);
  let at = 0;
  for (const element of elements) {
    view.setUint32(at, element.byteLength, true);
    data.set(element, at + bytesLengthPrefix);
    at += bytesLengthPrefix + element.byteLength;
  }
  return data;
};

/**
 * An element as ONNX Runtime's string. onnxruntime-node cuts strings at NUL, so such an element is
 * refused, as is one that is not UTF-8.
 */
export const decodeText = (element: Uint8Array): Parsed<string> => {
  if (element.includes(0)) return { error: 'holds a NUL byte, which ONNX Runtime strings cannot carry' };
  try {
    return { value: utf8.decode(element) };
  } catch {
    return { error: 'is not UTF-8' };
  }
};

/** Raw BYTES data of strings. */
export const bytesOfStrings = (strings: readonly string[]): Uint8Array =>
  joinBytes(strings.map((text) => Buffer.from(text, 'utf8')));

/** Strings of raw BYTES data; the error names the element. */
export const stringsOfBytes = (data: Uint8Array): Parsed<string[]> => {
  const split = splitBytes(data);
  if ('error' in split) return split;
  const strings: string[] = [];
  for (const [index, element] of split.value.entries()) {
    const text = decodeText(element);
    if ('error' in text) return { error: `element ${index} ${text.error}` };
    strings.push(text.value);
  }
  return { value: strings };
};
