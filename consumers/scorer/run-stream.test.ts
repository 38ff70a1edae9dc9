import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { message, sendAll } from '@sluice/kernel/event-log/testing/messages';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { headersOf } from '../testing/messages.ts';
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

for (const delivery of ['at-least-once', 'exactly-once']) {
  test(`${delivery}: what comes of the events of a partition leaves in their order, whatever takes longer`, async (t) => {
    const { log } = await temporaryLog(t);
    const stream = await newStream(log, { delivery });
    const texts = numbers(500);
    await feed(log, stream, texts);
    await feed(log, stream, texts, { partition: 1 });
    startStream(t, log, stream, async ({ features }) => {
      for (let turns = (Number(features['text']) * 7) % 13; turns > 0; turns -= 1) await turn();
      return scored();
    });
    await untilCommitted(log, stream, 1_000);
    const sunk = textsOf(await contentOf(log, stream.to, 1_000));
    assert.equal(sunk.length, 1_000);
    for (const partition of ['0', '1'])
      assert.deepEqual(
        sunk.filter((text) => text.startsWith(`${partition}:`)),
        texts.map((text) => `${partition}:${text}:${text}`),
      );
  });

  test(`${delivery}: what can never be scored is a dead letter as it was, with its reason, and holds up nothing`, async (t) => {
    const { log } = await temporaryLog(t);
    const stream = await newStream(log, { delivery });
    await feed(log, stream, ['poison', 'bad', 'good'], { headers: [['own', Buffer.from('kept')]] });
    const { status } = startStream(t, log, stream, ({ features }) => {
      if (features['text'] === 'bad') throw new SluiceError('INVALID_INPUT', 'age: expected a number');
      return scored();
    });
    await untilCommitted(log, stream, 3);
    const [poison, bad] = await contentOf(log, stream.deadLetters, 2);
    assert.deepEqual([String(poison?.key), String(poison?.value)], ['k', 'poison']);
    const { 'sluice.error.time': time, ...reasons } = headersOf(bad ?? assert.fail('no letter'));
    assert.ok(!Number.isNaN(Date.parse(time ?? '')));
    assert.deepEqual(reasons, {
      own: 'kept',
      'sluice.error.stage': 'scorer',
      'sluice.error.code': 'INVALID_INPUT',
      'sluice.error.message': 'age: expected a number',
      'sluice.error.topic': stream.from[0],
      'sluice.error.partition': '0',
      'sluice.error.offset': '1',
      'sluice.error.attempts': '1',
      'sluice.error.stream': stream.name,
    });
    assert.deepEqual(textsOf(await contentOf(log, stream.to, 1)), ['0:2:good']);
    const [share] = status.share('scorer', Date.now()).partitions ?? [];
    assert.deepEqual([share?.scored, share?.deadLetters, share?.committed], [1, 2, '3']);
    assert.equal(share?.lastError, 'INVALID_INPUT: age: expected a number');
  });

  test(`${delivery}: a scored event that its topic does not take is a dead letter; where that is none, too, the stream goes on`, async (t) => {
    const { log } = await temporaryLog(t);
    const stream = await newStream(log, { delivery }, 1);
    const small = `${stream.to}-small`;
    const config = { 'max.message.bytes': '200' };
    await log.admin.create([{ topic: small, partitions: 1, config }]);
    const tiny = `${stream.deadLetters}-tiny`;
    await log.admin.create([{ topic: tiny, partitions: 1, config: { 'max.message.bytes': '2000' } }]);
    const narrow = { ...stream, to: small, deadLetters: tiny };
    await feed(log, stream, ['a', 'L'.repeat(500), 'b', 'H'.repeat(5_000), 'c']);
    startStream(t, log, narrow, always);
    await untilCommitted(log, narrow, 5);
    assert.deepEqual(textsOf(await contentOf(log, small, 3)), ['0:0:a', '0:2:b', '0:4:c']);
    const [letter] = await contentOf(log, tiny, 1);
    assert.equal(letter?.value?.length, 500);
    assert.match(headersOf(letter ?? assert.fail())['sluice.error.message'] ?? '', /max.message.bytes/);
    assert.equal((await log.admin.ranges(tiny))[0]?.next, 1n);
  });

  test(`${delivery}: a stream that is stopped again and again goes on where it was, and nothing is lost`, async (t) => {
    const { log } = await temporaryLog(t);
    const stream = await newStream(log, { delivery, maxInFlight: 10 }, 1);
    const texts = numbers(300);
    await feed(log, stream, texts);
    const committed = async (): Promise<number> =>
      Number((await log.admin.committed(groupOf(stream), stream.from[0] ?? ''))[0]?.offset ?? 0);
    const slowly: Answer = async ({ features }) => {
      for (let turns = (Number(features['text']) * 7) % 13; turns > 0; turns -= 1) await turn();
      return scored();
    };
    for (let before = 0; before < 300; before = await committed()) {
      await using _ = startStream(t, log, stream, slowly, { drainMs: before % 2 === 0 ? 5_000 : 0 });
      await eventually('some progress', async () => (await committed()) > before, longMs);
    }
    const sunk = textsOf(await contentOf(log, stream.to, 300));
    const expected = texts.map((text) => `0:${text}:${text}`);
    assert.deepEqual(delivery === 'exactly-once' ? sunk : [...new Set(sunk)], expected);
  });
}

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
  assert.match(status.stall(performance.now() + 3_600_000) ?? '', /nothing of .* was committed for 3600 s/);
  const retries = (): number => Number(status.share('s', Date.now()).partitions?.[0]?.retries);
  await eventually('many attempts', () => retries() > 20 * 10, longMs);
  fault = undefined;
  await untilCommitted(log, stream, 20);
  assert.deepEqual([status.state, status.waitsFor], ['RUNNING', undefined]);
  assert.equal(status.share('s', Date.now()).partitions?.[0]?.deadLetters, 0);
});

test('what may be the fault of the event is tried five times, the last one named so, and is a dead letter then', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  const lasts: boolean[] = [];
  await feed(log, stream, ['slow', 'quick']);
  startStream(t, log, stream, ({ features, isLast }) => {
    if (features['text'] === 'quick') return scored();
    lasts.push(isLast);
    throw new SluiceError('DEADLINE_EXCEEDED', 'no answer in time');
  });
  await untilCommitted(log, stream, 2);
  assert.deepEqual(lasts, [false, false, false, false, true]);
  const [letter] = await contentOf(log, stream.deadLetters, 1);
  assert.equal(headersOf(letter ?? assert.fail())['sluice.error.attempts'], '5');
});

test('exactly once: the record is stored where the scored event is', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { delivery: 'exactly-once' });
  await feed(log, stream, numbers(10));
  const bindings = new Set<boolean>();
  startStream(t, log, stream, ({ predictionId }, { returnsRecord }) => {
    bindings.add(returnsRecord);
    return { ...scored(), record: message(predictionId, 'record') };
  });
  await untilCommitted(log, stream, 10);
  const records = await contentOf(log, predictionsTopic, 10);
  assert.equal(new Set(records.map(({ key }) => String(key))).size, 10);
  assert.deepEqual([...bindings], [true]);
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
  const { log, again } = await temporaryLog(t, { leaseMs: 500 });
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
