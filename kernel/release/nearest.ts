import { nearMiss } from '../schema/near-miss.ts';

/** `; did you mean 'age'?`, else `; it has a, b, c`: for the end of a message about an unknown name. */
export const orElse = (word: string, known: readonly string[]): string => {
  const meant = nearMiss(word, known);
  if (meant !== undefined) return `; did you mean '${meant}'?`;
  return known.length === 0 ? '' : `; it has ${listed(known)}`;
};

/** Of more names the rest is not told. */
const maxListed = 12;

export const listed = (names: readonly string[]): string =>
  names.length <= maxListed ? names.join(', ') : `${names.slice(0, maxListed).join(', ')}, …`;
