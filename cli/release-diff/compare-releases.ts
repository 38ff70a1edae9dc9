import { isDeepStrictEqual } from 'node:util';
import type { Release } from '@sluice/kernel/release/release';
import type { Break } from './break.ts';
import { breaksBetween } from './breaks.ts';
import { factsOf } from './facts.ts';

export interface Change {
  readonly path: string;
  /** Undefined: it is not there. */
  readonly from?: unknown;
  readonly to?: unknown;
}

export interface Comparison {
  readonly changes: readonly Change[];
  readonly breaks: readonly Break[];
}

/** What two releases say differently, and what of it breaks for callers of the first. */
export const compareReleases = (from: Release, to: Release): Comparison => {
  const [old, now] = [factsOf(from), factsOf(to)];
  const paths = [...new Set([...old.keys(), ...now.keys()])];
  const changes = paths
    .filter((path) => !isDeepStrictEqual(old.get(path), now.get(path)))
    .map((path) => ({ path, from: old.get(path), to: now.get(path) }));
  return { changes, breaks: breaksBetween(from, to) };
};
