import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { message } from '@sluice/kernel/event-log/testing/messages';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { headersOf } from '../../testing/messages.ts';
import { Unscored } from '../gateway-link.ts';
import { groupOf } from '../run-stream.ts';
import {
  contentOf,
  feed,
  longMs,
  newStream,
  startStream,
  textsOf,
  untilCommitted,
} from '../testing/running-stream.ts';
import { type Answer, scored } from '../testing/stand-ins.ts';

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

test('exactly once: the record is stored where the scored event or the dead letter is', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { delivery: 'exactly-once' });
  await feed(log, stream, [...numbers(9), 'bad']);
  const bindings = new Set<boolean>();
  startStream(t, log, stream, ({ predictionId, features }, { returnsRecord }) => {
    bindings.add(returnsRecord);
    const record = message(predictionId, 'record');
    if (features['text'] === 'bad') throw new Unscored(new SluiceError('INVALID_INPUT', 'wrong'), record);
    return { ...scored(), record };
  });
  await untilCommitted(log, stream, 10);
  const records = await contentOf(log, predictionsTopic, 10);
  assert.equal(new Set(records.map(({ key }) => String(key))).size, 10);
  assert.deepEqual([...bindings], [true]);
});
