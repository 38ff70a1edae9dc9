/** From here on Node's own code is quicker: half of the cycles for a UUID. */
export const shortText = 16;

/**
 * Writes a text whose characters are all ASCII, a byte each, where there is room for it; false: it has others, and what
 * was written is to be written over. For texts shorter than `shortText`.
 */
export const writeAscii = (bytes: Uint8Array, at: number, text: string): boolean => {
  const { length } = text;
  for (let index = 0; index < length; index += 1) {
    const code = text.charCodeAt(index);
    if (code > 0x7f) return false;
    bytes[at + index] = code;
  }
  return true;
};
