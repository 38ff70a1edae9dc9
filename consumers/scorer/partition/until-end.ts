import { setTimeout as pause } from 'node:timers/promises';
import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';

/** Between two looks whether what is still to come before the end are no messages. */
const lookMs = 100;

type Next = IteratorResult<readonly Received[]>;

/** The next batch; undefined: nothing that lies before the end comes any more. */
const nextBefore = async (
  asked: Promise<Next>,
  { partition, end }: { readonly partition: AssignedPartition; readonly end: bigint },
): Promise<Next | undefined> => {
  for (;;) {
    const late = new AbortController();
    const silence = pause(lookMs, undefined, { signal: late.signal }).catch(() => undefined);
    const next = await Promise.race([asked, silence]);
    late.abort();
    if (next !== undefined || partition.next() >= end) return next;
  }
};

/** The batches of a partition until nothing comes any more that lies before the end. */
export const untilEnd = async function* (
  partition: AssignedPartition,
  end: bigint,
): AsyncGenerator<readonly Received[]> {
  const iterator = partition.batches()[Symbol.asyncIterator]();
  for (;;) {
    const asked = iterator.next();
    // It may fail when nobody waits for it any more.
    asked.catch(() => undefined);
    const next = await nextBefore(asked, { partition, end });
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
};
