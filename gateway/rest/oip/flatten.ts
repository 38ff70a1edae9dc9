import type { Parsed } from '@sluice/kernel/tensor/bytes-elements';

const isFlat = (data: readonly unknown[]): boolean => !data.some(Array.isArray);

const collect = (data: readonly unknown[], depth: number, into: unknown[]): boolean => {
  for (const item of data) {
    if (!Array.isArray(item)) into.push(item);
    else if (depth <= 1 || !collect(item, depth - 1, into)) return false;
  }
  return true;
};

/** Elements of `data`, which came flat or nested at most as deep as its shape has dimensions. */
export const flatten = (data: unknown, rank: number): Parsed<readonly unknown[]> => {
  if (!Array.isArray(data)) return { error: `expected a list, got ${data === null ? 'null' : typeof data}` };
  if (isFlat(data)) return { value: data };
  const flat: unknown[] = [];
  return collect(data, rank, flat)
    ? { value: flat }
    : { error: `lists are nested deeper than the ${rank} dimensions of the shape` };
};
