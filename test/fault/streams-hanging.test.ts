import assert from 'node:assert/strict';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { readAll } from '@sluice/kernel/event-log/testing/collect';
import { message, sendAll } from '@sluice/kernel/event-log/testing/messages';
import { endless, quick, slowFiles } from '../support/celled.ts';
import { startConsumers } from '../support/consumers.ts';
import { startSluice } from '../support/sluice.ts';
import { temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';

const longMs = 240_000;
/** Of the release, which is kept away again and again. */
const quarantineMs = '3000';
const others = 20;
const [source, sink, letters] = ['jobs', 'answers', 'letters'];
const stream = {
  name: 'slow',
  from: source,
  to: sink,
  model: 'slow',
  features: { size: 'size' },
  pass: ['number'],
  start: 'earliest',
  deadline: '5s',
  deadLetters: letters,
};

/** The event in the middle computes for minutes. */
const events = Array.from({ length: others + 1 }, (_, number) => {
  const side = number === others / 2 ? endless : quick;
  return message('k', JSON.stringify({ number, size: [side, side] }));
});

test('an event that hangs its model is a dead letter in the end, and all others are scored in their order', async () => {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-streams-'));
  stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const revision = { revision: 1, who: 'tests', when: '2026-11-22T08:00:00.000Z', streams: [stream] };
  const store = stack.use(
    await temporaryStore({
      ...slowFiles({ isolation: 'cell', maxComputeMs: 500 }),
      '_revisions/000001.yaml': JSON.stringify(revision),
    }),
  );
  const url = `lmdb:${home}/event-log`;
  const log = stack.use(await openEventLog({ url }));
  await log.admin.create([source, sink, letters].map((topic) => ({ topic, partitions: 1 })));
  await sendAll(log, { topic: source, messages: events });
  const { gateway } = stack.use(
    await startSluice({
      store: store.url,
      env: { QUARANTINE_MS: quarantineMs },
      runtimeEnv: { CELL_QUARANTINE_MS: quarantineMs },
    }),
  );
  stack.use(
    await startConsumers({
      SLUICE_HOME: home,
      EVENT_LOG_URL: url,
      STORE_URL: store.url,
      CONSUMERS: 'scorer',
      GATEWAY_LINKS: gateway.link,
    }),
  );
  const count = async (topic: string): Promise<bigint> => (await log.admin.ranges(topic))[0]?.next ?? 0n;
  await waitFor('the last event', async () => (await count(sink)) >= BigInt(others), longMs);
  const scored = await readAll(log, sink, others);
  const numbers = scored.map(({ value }) => JSON.parse(String(value)).passed.number);
  assert.deepEqual(
    numbers,
    [...events.keys()].filter((number) => number !== others / 2),
  );
  const [letter] = await readAll(log, letters, 1);
  assert.deepEqual(letter?.value, events[others / 2]?.value);
});
