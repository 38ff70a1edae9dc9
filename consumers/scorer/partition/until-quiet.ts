import { setTimeout as pause } from 'node:timers/promises';
import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';

/** A log that has something says so within a fraction of it. */
const quietMs = 10_000;

type Next = IteratorResult<readonly Received[]>;

/** The next batch; undefined: none has come for long, although the log answers. */
const nextOrQuiet = async (next: Promise<Next>, askLog: () => Promise<void>): Promise<Next | undefined> => {
  for (;;) {
    const late = new AbortController();
    const silence = pause(quietMs, undefined, { signal: late.signal }).catch(() => undefined);
    const first = await Promise.race([next, silence]);
    late.abort();
    if (first !== undefined) return first;
    const answers = await askLog().then(
      () => true,
      () => false,
    );
    if (answers) return undefined;
  }
};

/** The batches of a partition until none has come for a while. */
export const untilQuiet = async function* (
  partition: AssignedPartition,
  askLog: () => Promise<void>,
): AsyncGenerator<readonly Received[]> {
  const iterator = partition.batches()[Symbol.asyncIterator]();
  for (;;) {
    const asked = iterator.next();
    // It may fail when nobody waits for it any more.
    asked.catch(() => undefined);
    const next = await nextOrQuiet(asked, askLog);
    if (next === undefined || next.done === true) return;
    yield next.value;
  }
};
