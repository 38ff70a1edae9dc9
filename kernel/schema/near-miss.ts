import { distance } from 'fastest-levenshtein';

/** Longer names are not compared. */
const maxLength = 64;
/** What is compared at most: names come from callers, in any number. */
const maxCandidates = 1_000;
/** Letters of a name for each one that may be wrong. */
const lettersPerSlip = 3;
const maxSlips = 3;

/** Without what people write differently: capitals, blanks, dashes, underscores. */
const plain = (name: string): string => name.toLowerCase().replaceAll(/[^\p{L}\p{N}]/gu, '');

/** Letters that differ; the limit where they are as many, or more. */
const slipsBetween = (given: string, other: string, limit: number): number => {
  if (given === other) return given === '' ? limit : 0;
  // Of male and female neither is a slip of the other.
  if (Math.abs(given.length - other.length) > Math.max(1, limit - 2)) return limit;
  return Math.min(limit, distance(given, other));
};

/** The one that was probably meant; undefined: none is that near. */
export const nearMiss = (name: string, candidates: readonly string[]): string | undefined => {
  if (name.length > maxLength) return undefined;
  const given = plain(name);
  let nearest: string | undefined;
  let least = Math.min(maxSlips, Math.floor(given.length / lettersPerSlip)) + 1;
  for (const candidate of candidates.slice(0, maxCandidates)) {
    if (candidate.length > 2 * maxLength) continue;
    const slips = slipsBetween(given, plain(candidate), least);
    if (slips < least) [nearest, least] = [candidate, slips];
  }
  return nearest;
};
