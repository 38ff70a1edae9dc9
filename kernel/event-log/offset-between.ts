/** An offset that a partition has, or its nearest end. */
export const offsetBetween = (offset: bigint, first: bigint, next: bigint): bigint => {
  if (offset < first) return first;
  return offset > next ? next : offset;
};
