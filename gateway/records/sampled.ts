const prime = 0x01000193;
const basis = 0x811c9dc5;
const range = 2 ** 32;

/** A number from 0 to 1 that only the text decides: FNV-1a (isthe.com/chongo/tech/comp/fnv), mixed as murmur3 does. */
const shareOf = (text: string): number => {
  let hash = basis;
  for (let index = 0; index < text.length; index += 1) hash = Math.imul(hash ^ text.charCodeAt(index), prime);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / range;
};

/** Whether a prediction is among a share of all: the same answer wherever and whenever it is asked. */
export const isSampled = (predictionId: string, sample: number): boolean =>
  sample >= 1 || shareOf(predictionId) < sample;
