import type { Features, FeatureValue } from '../features/value.ts';

/** Where a case says no tolerance: relative, and absolute for what is smaller than 1. */
const defaultTolerance = 1e-5;

/** Numbers may differ by the tolerance; lists are as long as expected; of an object, what is expected counts. */
export const agree = (expected: FeatureValue, came: FeatureValue, tolerance: number | undefined): boolean => {
  if (typeof expected === 'number' && typeof came === 'number') {
    return Math.abs(expected - came) <= (tolerance ?? defaultTolerance * Math.max(1, Math.abs(expected)));
  }
  if (expected === null || came === null || typeof expected !== 'object' || typeof came !== 'object')
    return expected === came;
  if (Array.isArray(expected) && Object.keys(came).length !== expected.length) return false;
  const other = came as Features;
  return Object.entries(expected).every(([key, value]) => agree(value, other[key] ?? null, tolerance));
};

/** Of all numbers that are expected, how far the farthest is off; 0: there are none, or nothing came for them. */
export const largestDifference = (expected: FeatureValue, came: FeatureValue): number => {
  if (typeof expected === 'number' && typeof came === 'number') return Math.abs(expected - came);
  if (expected === null || came === null || typeof expected !== 'object' || typeof came !== 'object')
    return 0;
  const other = came as Features;
  return Math.max(
    0,
    ...Object.entries(expected).map(([key, value]) => largestDifference(value, other[key] ?? null)),
  );
};
