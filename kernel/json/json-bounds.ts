/** Texts up to this size are parsed without a look: whatever they hold, it takes no time worth the name. */
export const unboundedBytes = 1024 * 1024;
const maxDepth = 64;
/** Lists and objects of one text. A tensor [1000000,2] in nested form has a million lists. */
const maxContainers = 4_000_000;

const quote = 0x22;
const backslash = 0x5c;

/** Position behind the string that begins before `at`. */
const skipString = (json: Uint8Array, at: number): number => {
  let end = at;
  while (end < json.length && json[end] !== quote) end += json[end] === backslash ? 2 : 1;
  return end + 1;
};

const isOpening = (byte: number | undefined): boolean => byte === 0x5b || byte === 0x7b;
const isClosing = (byte: number | undefined): boolean => byte === 0x5d || byte === 0x7d;

/**
 * Why a large JSON text is not parsed, as what is said of it; undefined: it may be. JSON.parse takes seconds, and gigabytes, for
 * tens of megabytes of brackets, and nobody else is answered meanwhile.
 */
export const refusedJson = (json: Uint8Array): string | undefined => {
  if (json.byteLength <= unboundedBytes) return undefined;
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < json.length; at += 1) {
    const byte = json[at];
    if (byte === quote) at = skipString(json, at + 1) - 1;
    else if (isClosing(byte)) depth -= 1;
    else if (isOpening(byte)) {
      depth += 1;
      containers += 1;
      if (depth > maxDepth) return `is nested deeper than ${maxDepth} levels at byte ${at}`;
      if (containers > maxContainers) return `has more than ${maxContainers} lists and objects`;
    }
  }
  return undefined;
};
