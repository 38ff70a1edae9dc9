import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { AssignedPartition, EventLog } from '@sluice/kernel/event-log/event-log';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import {
  contentOf,
  feed,
  longMs,
  newStream,
  startStream,
  textsOf,
  untilCommitted,
} from '../testing/running-stream.ts';
import { scored } from '../testing/stand-ins.ts';

/** A log that commits in a way of its own. */
const committing = (
  log: EventLog,
  commit: (partition: AssignedPartition, next: bigint) => Promise<void>,
): EventLog => ({
  ...log,
  consume: (options) =>
    log.consume({
      ...options,
      work: (partition) =>
        options.work(
          Object.assign(Object.create(partition) as AssignedPartition, {
            commit: (next: bigint) => commit(partition, next),
          }),
        ),
    }),
});

test('while nothing can be committed events are scored and written on, as many as the window takes, each once', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { maxInFlight: 10 }, 1);
  const texts = Array.from({ length: 30 }, (_, index) => `${index}`);
  await feed(log, stream, texts);
  let isAway = true;
  const limping = committing(log, async (partition, next) => {
    if (isAway) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'the coordinator is away');
    await partition.commit(next);
  });
  const { status } = startStream(t, limping, stream, () => scored());
  const expected = texts.map((text) => `0:${text}:${text}`);
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 10)), expected.slice(0, 10));
  const share = () => status.share('scorer', Date.now());
  await eventually('the reason', () => /the coordinator is away/.test(share().lastError ?? ''), longMs);
  const [held] = share().partitions ?? [];
  assert.deepEqual([held?.inWindow, held?.committed, held?.scored], [10, '0', 0]);
  isAway = false;
  await untilCommitted(log, stream, 30);
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 30)), expected);
  assert.equal((await log.admin.ranges(stream.to))[0]?.next, 30n);
});

test('what is written while a commit is under way is committed in one step', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { maxInFlight: 100 }, 1);
  const first = Promise.withResolvers<void>();
  const commits: bigint[] = [];
  const slow = committing(log, async (partition, next) => {
    commits.push(next);
    if (commits.length === 1) await first.promise;
    await partition.commit(next);
  });
  await feed(log, stream, ['a']);
  startStream(t, slow, stream, () => scored());
  await eventually('the first commit', () => commits.length === 1, longMs);
  for (const [index, text] of ['b', 'c', 'd'].entries()) {
    await feed(log, stream, [text]);
    await contentOf(log, stream.to, index + 2);
  }
  first.resolve();
  await untilCommitted(log, stream, 4);
  // The last one may have been stored, and not yet known to be.
  assert.deepEqual(commits.slice(0, 2), [1n, commits.includes(3n) ? 3n : 4n]);
});
