import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '../event-log.ts';
import { collect, readAll, valuesOf } from '../testing/collect.ts';
import { temporaryLog } from '../testing/embedded-log.ts';
import { eventually } from '../testing/eventually.ts';
import { message, newTopic, numbered, sendAll } from '../testing/messages.ts';

const upkeepMs = 50;
/** A message of 1,000 bytes as it lies in the log. */
const thousand = 1_000 - 21;

const logWithUpkeep = async (t: TestContext) => (await temporaryLog(t, { upkeepMs })).log;

const rangeOf = async (log: EventLog, topic: string) => {
  const [range] = await log.admin.ranges(topic);
  assert.ok(range);
  return range;
};

test('of a partition as many bytes stay as configured, the newest ones, and reading goes on behind the gap', async (t) => {
  const log = await logWithUpkeep(t);
  const topic = await newTopic(log, 1, { 'retention.bytes': '10500' });
  for (let index = 0; index < 300; index += 1)
    await sendAll(log, { topic, messages: [message('a', `${index}`.padEnd(thousand))] });
  await eventually('the oldest to be removed', async () => (await rangeOf(log, topic)).first === 290n);
  assert.equal((await rangeOf(log, topic)).next, 300n);
  const received = await readAll(log, topic, 10);
  assert.equal(received[0]?.offset, 290n);
  assert.equal(received.length, 10);
});

test('what was written longer ago than configured goes, whatever time it is about', async (t) => {
  const log = await logWithUpkeep(t);
  const topic = await newTopic(log, 2, { 'retention.ms': '3000' });
  await sendAll(log, {
    topic,
    messages: numbered('a', 0, 5, { partition: 1, timestampMs: Date.now() + 1e9 }),
  });
  // So long the younger one is alone there, for whoever looks.
  await pause(2_500);
  await sendAll(log, { topic, messages: numbered('a', 5, 6, { partition: 1, timestampMs: 1 }) });
  await eventually(
    'the old ones to be removed',
    async () => (await log.admin.ranges(topic))[1]?.first === 5n,
  );
  assert.deepEqual(valuesOf(await readAll(log, topic, 1)), ['a-5']);
  await eventually('all to be removed', async () => (await log.admin.ranges(topic))[1]?.first === 6n);
  assert.deepEqual(await log.admin.offsetsAt(topic, 0), [
    { topic, partition: 0, offset: 0n },
    { topic, partition: 1, offset: 6n },
  ]);
  await sendAll(log, { topic, messages: numbered('a', 6, 7, { partition: 1 }) });
  assert.deepEqual(
    (await readAll(log, topic, 1)).map(({ offset }) => offset),
    [6n],
  );
});

test('a topic without bounds keeps everything', async (t) => {
  const log = await logWithUpkeep(t);
  const topic = await newTopic(log, 1, { 'retention.ms': '-1', 'retention.bytes': '-1' });
  await sendAll(log, { topic, messages: numbered('a', 0, 100) });
  await pause(4 * upkeepMs);
  assert.equal((await rangeOf(log, topic)).first, 0n);
});

test('while much is removed everybody else has a turn', async (t) => {
  const { log, again } = await temporaryLog(t);
  const topic = await newTopic(log, 1, { 'retention.bytes': '0' });
  const value = Buffer.alloc(20_000, 'x');
  const many = Array.from({ length: 500 }, () => ({ key: Buffer.from('a'), value, headers: [] }));
  for (let round = 0; round < 4; round += 1) await sendAll(log, { topic, messages: many });
  let turns = 0;
  const counting = setInterval(() => {
    turns += 1;
  }, 1);
  t.after(() => clearInterval(counting));
  await again({ upkeepMs });
  await eventually('all to be removed', async () => (await rangeOf(log, topic)).first === 2_000n);
  assert.ok(turns > 2_000 / 64 / 2, `${turns} turns`);
});

test('of a compacted topic the newest message of each key stays, in its place', async (t) => {
  const log = await logWithUpkeep(t);
  const topic = await newTopic(log, 1, { 'cleanup.policy': 'compact' });
  const long = 'k'.repeat(5_000);
  for (let round = 0; round < 3; round += 1)
    await sendAll(log, { topic, messages: ['a', 'b', long].map((key) => message(key, `${round}`)) });
  await sendAll(log, { topic, messages: [message('b', '', { value: null })] });
  await using collector = await collect(log, { topics: [topic] });
  const received = await collector.until(3);
  await pause(2 * upkeepMs);
  assert.deepEqual(
    received.map(({ offset, key, value }) => [offset, key?.toString(), value?.toString()]),
    [
      [6n, 'a', '2'],
      [8n, long, '2'],
      [9n, 'b', undefined],
    ],
  );
  assert.deepEqual(await rangeOf(log, topic), { partition: 0, first: 6n, next: 10n });
});

test('a topic that is compacted and bounded forgets old keys, and takes them again', async (t) => {
  const log = await logWithUpkeep(t);
  const topic = await newTopic(log, 1, { 'cleanup.policy': 'compact,delete', 'retention.ms': '2000' });
  await sendAll(log, { topic, messages: numbered('a', 0, 3) });
  await eventually('all to be removed', async () => (await rangeOf(log, topic)).first === 3n);
  await sendAll(log, { topic, messages: numbered('a', 3, 4) });
  assert.deepEqual(await rangeOf(log, topic), { partition: 0, first: 3n, next: 4n });
});
