import assert from 'node:assert/strict';
import { test } from 'node:test';
import { collect } from '../testing/collect.ts';
import { temporaryLog } from '../testing/embedded-log.ts';
import { message, newTopic, numbered, sendAll } from '../testing/messages.ts';
import { openWake } from './wake.ts';

test('a send of more bytes than a step on the disk takes is refused as a whole', async (t) => {
  const { log } = await temporaryLog(t);
  const topic = await newTopic(log);
  const value = Buffer.alloc(1_000_000, 'x');
  const messages = Array.from({ length: 34 }, () => message('a', '', { value }));
  const refused = { code: 'INVALID_INPUT', message: /at most 33554432 bytes/ };
  await using transactor = await log.openTransactor('transactor');
  await assert.rejects(sendAll(log, { topic, messages }), refused);
  await assert.rejects(transactor.commit({ messages: [{ topic, messages }] }), refused);
  assert.deepEqual(await log.admin.ranges(topic), [{ partition: 0, first: 0n, next: 0n }]);
  await sendAll(log, { topic, messages: messages.slice(0, 33) });
});

for (const [what, name] of [
  ['no name', ''],
  ['a name that is too long', 'x'.repeat(256)],
  ['a name with a NUL', 'a\0b'],
] as const) {
  test(`what can be no group and no transactor is refused: ${what}`, async (t) => {
    const { log } = await temporaryLog(t);
    const topic = await newTopic(log);
    const refused = { code: 'INVALID_INPUT', message: /1 to 255 bytes without NUL/ };
    await assert.rejects(collect(log, { topics: [topic], group: name }), refused);
    await assert.rejects(log.openTransactor(name), refused);
    await assert.rejects(log.admin.committed(name, topic), refused);
  });
}

test('a consumer of a topic that is not there is refused', async (t) => {
  const { log } = await temporaryLog(t);
  await assert.rejects(collect(log, { topics: ['no-such-topic'] }), {
    code: 'INVALID_INPUT',
    message: /no-such-topic/,
  });
});

test('what is done with a log after it was closed is refused; its consumers have ended', async (t) => {
  const { log } = await temporaryLog(t);
  const topic = await newTopic(log);
  const producer = await log.openProducer();
  const collector = await collect(log, { topics: [topic] });
  await log[Symbol.asyncDispose]();
  await collector.consumer.ended;
  const refused = { code: 'EVENT_LOG_UNAVAILABLE', message: /was closed$/ };
  await assert.rejects(producer.send([{ topic, messages: numbered('a', 0, 1) }]), refused);
  await assert.rejects(log.admin.topics(), refused);
  await assert.rejects(log.openTransactor('transactor'), refused);
});

test('where nothing says that a file changed, the log is looked at from time to time', async () => {
  using wake = openWake('no-such-folder');
  const startedAt = performance.now();
  await wake.changed(new AbortController().signal);
  assert.ok(performance.now() - startedAt < 10_000);
  await wake.changed(AbortSignal.abort());
});
