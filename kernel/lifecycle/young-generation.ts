import { PerformanceObserver } from 'node:perf_hooks';
import { getHeapSpaceStatistics, setFlagsFromString } from 'node:v8';

/** Both halves of it, in bytes. */
const youngBytes = (): number =>
  getHeapSpaceStatistics().find(({ space_name }) => space_name === 'new_space')?.space_size ?? 0;

/**
 * Lets the two halves of V8's young generation grow to so many bytes each, and no further; V8 alone would go on to 32 MB
 * for a process through which batches pass. What is under way together should fit into it, lest it be copied into the old
 * generation, which costs more to collect; what is more is memory that nobody needs.
 *
 * V8 reads its own limit when a process starts, but the factor by which it grows at each growth: with 1 there is none.
 * A process that has nothing to do is given less, so it is looked at after every collection, in the next turn of the event
 * loop: where two growths fall into one turn there is one too many.
 */
export const limitYoungGeneration = (halfBytes: number): Disposable => {
  let factor = 2;
  const look = (): void => {
    const wanted = youngBytes() < 2 * halfBytes ? 2 : 1;
    if (wanted !== factor) setFlagsFromString(`--semi-space-growth-factor=${wanted}`);
    factor = wanted;
  };
  look();
  const observer = new PerformanceObserver(look);
  observer.observe({ entryTypes: ['gc'] });
  return { [Symbol.dispose]: () => observer.disconnect() };
};
