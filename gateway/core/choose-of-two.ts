import type { Candidate } from './route.ts';

/** What it would have to do if it got the request, against its share. */
const loadWith = ({ standing, route }: Candidate, now: number): number =>
  (standing.loadUs + route.costUs) / standing.weight(now);

/**
 * The one with less to do of two that are picked at random: nearly as even as a look at all of them,
 * without the herd that runs to the emptiest (M. Mitzenmacher, The Power of Two Choices in Randomized
 * Load Balancing, 2001).
 */
export const chooseOfTwo = (
  candidates: readonly Candidate[],
  random: () => number,
  now: () => number,
): Candidate | undefined => {
  const count = candidates.length;
  if (count < 2) return candidates[0];
  const first = Math.floor(random() * count);
  // Of two there is no second choice to make; of more the second is another than the first.
  const other = count === 2 ? 1 - first : (first + 1 + Math.floor(random() * (count - 1))) % count;
  const [a, b] = [candidates[first], candidates[other]];
  if (a === undefined || b === undefined) return a ?? b;
  const at = now();
  return loadWith(b, at) < loadWith(a, at) ? b : a;
};
