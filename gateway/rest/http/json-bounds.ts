/** Bodies up to this size are parsed without a look: whatever they hold, it takes no time worth the name. */
export const unboundedBytes = 1024 * 1024;
const maxDepth = 64;
/** Lists and objects of one body. A tensor [1000000,2] in nested form has a million lists. */
const maxContainers = 4_000_000;

const quote = 0x22;
const backslash = 0x5c;

/** Position behind the string that begins before `at`. */
const skipString = (body: Uint8Array, at: number): number => {
  let end = at;
  while (end < body.length && body[end] !== quote) end += body[end] === backslash ? 2 : 1;
  return end + 1;
};

const isOpening = (byte: number | undefined): boolean => byte === 0x5b || byte === 0x7b;
const isClosing = (byte: number | undefined): boolean => byte === 0x5d || byte === 0x7d;

/**
 * Why a large body is not parsed; undefined: it may be. JSON.parse takes seconds, and gigabytes, for
 * tens of megabytes of brackets, and nobody else is answered meanwhile.
 */
export const refusedJson = (body: Uint8Array): string | undefined => {
  if (body.byteLength <= unboundedBytes) return undefined;
  let depth = 0;
  let containers = 0;
  for (let at = 0; at < body.length; at += 1) {
    const byte = body[at];
    if (byte === quote) at = skipString(body, at + 1) - 1;
    else if (isClosing(byte)) depth -= 1;
    else if (isOpening(byte)) {
      depth += 1;
      containers += 1;
      if (depth > maxDepth) return `the body is nested deeper than ${maxDepth} levels at byte ${at}`;
      if (containers > maxContainers) return `the body has more than ${maxContainers} lists and objects`;
    }
  }
  return undefined;
};
