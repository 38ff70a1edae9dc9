import assert from 'node:assert/strict';
import { test } from 'node:test';
import { temporaryLog } from '../testing/embedded-log.ts';
import { maxTopics } from './limits.ts';
import { parseTopicConfig } from './topic-config.ts';

test('what is not configured is as in Kafka, but for the bytes that are kept', () => {
  assert.deepEqual(parseTopicConfig({}), {
    retentionMs: 7 * 24 * 3_600_000,
    retentionBytes: 1024 ** 3,
    maxMessageBytes: 1048588,
    compacted: false,
  });
});

test('-1 is no bound, and a compacted topic has none unless it deletes too', () => {
  const unbounded = parseTopicConfig({ 'retention.ms': '-1', 'retention.bytes': '-1' });
  assert.deepEqual([unbounded.retentionMs, unbounded.retentionBytes], [undefined, undefined]);
  const compacted = parseTopicConfig({ 'cleanup.policy': 'compact', 'retention.ms': '5' });
  assert.deepEqual([compacted.compacted, compacted.retentionMs], [true, undefined]);
  const both = parseTopicConfig({ 'cleanup.policy': 'compact,delete', 'retention.ms': '5' });
  assert.deepEqual([both.compacted, both.retentionMs], [true, 5]);
});

for (const [what, topic, partitions, config, named] of [
  ['no name', '', 1, {}, /topic ''/],
  ['a name with a slash', 'a/b', 1, {}, /a\/b/],
  ['two dots', '..', 1, {}, /\.\./],
  ['a name that is too long', 'x'.repeat(250), 1, {}, /249/],
  ['no partitions', 'a', 0, {}, /got 0/],
  ['half a partition', 'a', 1.5, {}, /got 1.5/],
  ['too many partitions', 'a', 1_025, {}, /1024 partitions/],
  ['an age in words', 'a', 1, { 'retention.ms': 'a week' }, /retention\.ms.*'a week'/],
  ['a negative size', 'a', 1, { 'retention.bytes': '-2' }, /retention\.bytes.*'-2'/],
  ['another policy', 'a', 1, { 'cleanup.policy': 'keep' }, /cleanup\.policy.*'keep'/],
] as const) {
  test(`what can be no topic is refused: ${what}`, async (t) => {
    const { log } = await temporaryLog(t);
    const refused = { code: 'INVALID_INPUT', message: named };
    await assert.rejects(log.admin.create([{ topic, partitions, config }]), refused);
    assert.deepEqual(await log.admin.topics(), []);
  });
}

test('there are no more topics than a log can have', async (t) => {
  const { log } = await temporaryLog(t);
  const topics = Array.from({ length: maxTopics }, (_, index) => ({ topic: `t${index}`, partitions: 1 }));
  await log.admin.create(topics);
  await assert.rejects(log.admin.create([{ topic: 'more', partitions: 1 }]), {
    code: 'INVALID_INPUT',
    message: /1000 topics already/,
  });
  await log.admin.create(topics);
  assert.equal((await log.admin.topics()).length, maxTopics);
});
