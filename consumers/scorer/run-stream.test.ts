import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { message, sendAll } from '@sluice/kernel/event-log/testing/messages';
import { groupOf } from './run-stream.ts';
import {
  contentOf,
  feed,
  longMs,
  newStream,
  startStream,
  textsOf,
  untilCommitted,
} from './testing/running-stream.ts';
import { type Answer, refused, scored } from './testing/stand-ins.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);
const always: Answer = () => scored();

test('events that the filter leaves out, or that changed nothing, are written nowhere, and count as done', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { onlyWhenChanged: { ttl: '1h' } });
  await feed(log, stream, ['a', 'skip', 'a', 'b', 'b', 'a', 'skip']);
  const { status } = startStream(t, log, stream, always);
  await untilCommitted(log, stream, 7);
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 3)), ['0:0:a', '0:3:b', '0:5:a']);
  const [share] = status.share('scorer', Date.now()).partitions ?? [];
  assert.deepEqual([share?.scored, share?.filtered, share?.unchanged], [3, 2, 2]);
});

test('after a dead letter the next event of its key counts as changed', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { onlyWhenChanged: { ttl: '1h' } });
  let isBad = true;
  startStream(t, log, stream, () => {
    if (!isBad) return scored();
    isBad = false;
    throw new SluiceError('INVALID_INPUT', 'not now');
  });
  await feed(log, stream, ['a']);
  await untilCommitted(log, stream, 1);
  await feed(log, stream, ['a', 'a']);
  await untilCommitted(log, stream, 3);
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 1)), ['0:1:a']);
});

test('a refusal goes to the sink as what it is', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  await feed(log, stream, ['a', 'no']);
  const { status } = startStream(t, log, stream, ({ features }) =>
    features['text'] === 'no' ? refused('UNKNOWN_VEHICLE') : scored(),
  );
  await untilCommitted(log, stream, 2);
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 2)), ['0:0:a', '0:1:UNKNOWN_VEHICLE']);
  assert.equal(status.share('s', Date.now()).partitions?.[0]?.refused, 1);
});

test('what is away is tried until it is there; what is in the stream itself is said, and tried too', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  let fault: SluiceError | undefined = new SluiceError('RELEASE_NOT_FOUND', 'there is no 9.x of m');
  await feed(log, stream, numbers(20));
  const { status } = startStream(t, log, stream, () => {
    if (fault !== undefined) throw fault;
    return scored();
  });
  await eventually(
    'the word',
    () => status.state === 'WAITING' && /no 9.x/.test(status.waitsFor ?? ''),
    longMs,
  );
  assert.equal(status.stall(performance.now() + 3_600_000), undefined);
  fault = new SluiceError('RUNTIME_LOST', 'it is gone', { retryAfterMs: 1 });
  await eventually('the next word', () => /it is gone/.test(status.waitsFor ?? ''), longMs);
  // An hour, and what the test took until here.
  assert.match(status.stall(performance.now() + 3_600_000) ?? '', /nothing of .* was committed for 36\d\d s/);
  const retries = (): number => Number(status.share('s', Date.now()).partitions?.[0]?.retries);
  await eventually('many attempts', () => retries() > 20 * 10, longMs);
  fault = undefined;
  await untilCommitted(log, stream, 20);
  assert.deepEqual([status.state, status.waitsFor], ['RUNNING', undefined]);
  assert.equal(status.share('s', Date.now()).partitions?.[0]?.deadLetters, 0);
});

test('a stream whose topic is missing says which, and begins by itself when it is there', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  const late = { ...stream, to: `${stream.to}-late` };
  await feed(log, stream, ['a']);
  const { status } = startStream(t, log, late, always);
  await eventually('the word', () => status.waitsFor?.includes(`no sink topic ${late.to};`) === true, longMs);
  assert.equal(status.state, 'WAITING');
  assert.match(status.share('s', Date.now()).lastError ?? '', /no sink topic/);
  await log.admin.create([{ topic: late.to, partitions: 1 }]);
  await untilCommitted(log, late, 1);
  await eventually('the stream', () => status.state === 'RUNNING', longMs);
});

test('of two scorers one works and the other one waits, and goes on in its place', async (t) => {
  const { log, again } = await temporaryLog(t);
  const stream = await newStream(log);
  await feed(log, stream, ['a']);
  const first = startStream(t, log, stream, always);
  await untilCommitted(log, stream, 1);
  const second = startStream(t, await again(), stream, always);
  await eventually('the second one', () => /another scorer/.test(second.status.waitsFor ?? ''), longMs);
  assert.equal(second.status.stall(performance.now() + 3_600_000), undefined);
  await first[Symbol.asyncDispose]();
  await feed(log, stream, ['b']);
  await untilCommitted(log, stream, 2);
  assert.deepEqual(textsOf(await contentOf(log, stream.to, 2)), ['0:0:a', '0:1:b']);
});

test('an event that takes long holds up its partition, as far as the window goes, and no other one', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { maxInFlight: 16 });
  await feed(log, stream, ['stuck', ...numbers(100)]);
  await feed(log, stream, numbers(100), { partition: 1 });
  const stuck = Promise.withResolvers<void>();
  let asked = 0;
  const { status } = startStream(t, log, stream, async ({ features, predictionId }) => {
    if (predictionId.includes('/0/')) asked += 1;
    if (features['text'] === 'stuck') await stuck.promise;
    return scored();
  });
  await untilCommitted(log, stream, 100);
  await eventually('a full window', () => asked === 16, longMs);
  const shares = status.share('s', Date.now()).partitions ?? [];
  const held = shares.find(({ partition }) => partition === 0);
  assert.deepEqual([held?.inWindow, held?.maxWindow, held?.committed], [16, 16, '0']);
  assert.ok(Number(held?.lagSeconds) > 0);
  stuck.resolve();
  await untilCommitted(log, stream, 201);
  assert.equal(textsOf(await contentOf(log, stream.to, 201)).length, 201);
});

test('a stop waits for what is under way, and not longer than it may', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  await feed(log, stream, ['a', 'stuck', 'b']);
  const never = new Promise<never>(() => undefined);
  const { kept } = startStream(
    t,
    log,
    stream,
    ({ features }) => (features['text'] === 'stuck' ? never : scored()),
    { drainMs: 50 },
  );
  await untilCommitted(log, stream, 1);
  await kept[Symbol.asyncDispose]();
  const [position] = await log.admin.committed(groupOf(stream), stream.from[0] ?? '');
  assert.equal(position?.offset, 1n);
});

test('a replay ends where its topic ended, says so, and leaves the place of the live stream alone', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  await feed(log, stream, numbers(30), { timestampMs: 1_000 });
  await feed(log, stream, numbers(5), { timestampMs: 9_000, partition: 1 });
  const replay = { ...stream, name: `${stream.name}-r`, replayOf: stream.name, untilMs: 5_000 };
  const bindings = new Set<boolean>();
  const { status } = startStream(t, log, replay, (_, { isReplay }) => {
    bindings.add(isReplay);
    return scored();
  });
  await eventually('the end', () => status.state === 'FINISHED', longMs);
  assert.equal(textsOf(await contentOf(log, stream.to, 30)).length, 30);
  assert.deepEqual([...bindings], [true]);
  assert.deepEqual(await log.admin.committed(groupOf(stream), stream.from[0] ?? ''), []);
  await sendAll(log, { topic: stream.from[0] ?? '', messages: [message('k', 'later', { partition: 0 })] });
  assert.equal(
    (await log.admin.ranges(stream.to)).reduce((sum, { next }) => sum + next, 0n),
    30n,
  );
});
