/**
 * What a stretch of a spool holds, by place: a partition of a topic. Three numbers each: entries, bytes, and the
 * sequence of the last entry.
 */
export type Tally = Float64Array;

const fields = 3;

export const newTally = (places: number): Tally => new Float64Array(places * fields);
export const placesOf = (tally: Tally): number => tally.length / fields;
export const entriesAt = (tally: Tally, place: number): number => tally[place * fields] ?? 0;
export const bytesAt = (tally: Tally, place: number): number => tally[place * fields + 1] ?? 0;
export const lastAt = (tally: Tally, place: number): number => tally[place * fields + 2] ?? 0;

/** Sequences only grow, so that the last one added is the last. */
export const addTo = (tally: Tally, place: number, entries: number, bytes: number, last: number): void => {
  const at = place * fields;
  tally[at] = (tally[at] ?? 0) + entries;
  tally[at + 1] = (tally[at + 1] ?? 0) + bytes;
  tally[at + 2] = last;
};

export const addTally = (sum: Tally, more: Tally): void => {
  for (let place = 0; place < placesOf(more); place += 1)
    if (entriesAt(more, place) > 0)
      addTo(sum, place, entriesAt(more, place), bytesAt(more, place), lastAt(more, place));
};

/** Takes a place's entries away; how many bytes they had. */
export const clearPlace = (tally: Tally, place: number): { entries: number; bytes: number } => {
  const cleared = { entries: entriesAt(tally, place), bytes: bytesAt(tally, place) };
  tally[place * fields] = 0;
  tally[place * fields + 1] = 0;
  return cleared;
};
