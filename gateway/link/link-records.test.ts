import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { Binding } from '@sluice/protos/gen/sluice/gateway/v1/Binding';
import type { ScoreEntry } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import { codecs, recordsIn } from '../testing/records.ts';
import { answerOf, idOf, openDoor } from './testing/open-door.ts';

const declared = (more: Binding = {}) => ({
  layouts: [{ id: 1, numbers: ['age'], flags: ['member'] }],
  bindings: [{ id: 1, stream: 'ages', model: 'm', ...more }],
});

const entry = (id: number, more: Partial<ScoreEntry> = {}): ScoreEntry => ({
  id,
  binding: 1,
  features: { layout: 1, numbers: [id], flags: [true], others: { fields: { tags: { listValue: {} } } } },
  predictionId: idOf(id),
  ...more,
});

test('a prediction is recorded in the spool, under the id that the scorer gave it', async (t) => {
  const { link, spool } = await openDoor(t, { at: (call) => answerOf(call) });
  const scorer = link();
  scorer.write({ ...declared(), entries: [entry(1, { entityId: 'e' })] });
  const [answer] = await scorer.answersTo(1);
  assert.equal(answer?.record, null);
  const [kept] = recordsIn(spool);
  assert.deepEqual(
    [kept?.predictionId, kept?.door, kept?.entityId, kept?.synthetic],
    [idOf(1), 'stream', 'e', false],
  );
  assert.deepEqual(fromStruct(kept?.input?.features ?? null), { age: 1, member: true, tags: [] });
});

test('a record that the scorer wants comes with the answer, whole, and not into the spool', async (t) => {
  const { link, spool } = await openDoor(t, { at: (call) => answerOf(call) });
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-00`;
  const scorer = link();
  scorer.write({
    ...declared({ returnsRecord: true }),
    entries: [entry(1, { entityId: 'e', traceparent }), entry(2)],
  });
  const [first, second] = await scorer.answersTo(1, 2);
  assert.equal(spool.entries.length, 0);
  const headers = first?.record?.headers.map(({ name, value }) => [name, value.toString()]);
  assert.deepEqual(headers, [
    ['ce_id', idOf(1)],
    ['ce_time', new Date(0x019a_0000_0000).toISOString()],
    ['ce_subject', 'm'],
    ['traceparent', traceparent],
  ]);
  assert.deepEqual([first?.record?.key.toString(), second?.record?.key.toString()], ['e', idOf(2)]);
  const record = codecs.record.decode(first?.record?.value ?? Buffer.alloc(0));
  assert.deepEqual([record.predictionId, record.code, record.release?.version], [idOf(1), 'OK', '1.0.0']);
  assert.deepEqual(fromStruct(record.input?.features ?? null), { age: 1, member: true, tags: [] });
  assert.deepEqual(fromStruct(record.outcome?.prediction?.outputs ?? null), { p: 0.75 });
});

test('past events that are scored once more are not recorded', async (t) => {
  const { link, spool } = await openDoor(t, { at: (call) => answerOf(call) });
  const scorer = link();
  scorer.write({ ...declared({ replay: true, returnsRecord: true }), entries: [entry(1)] });
  const [answer] = await scorer.answersTo(1);
  assert.equal(answer?.record, null);
  assert.equal(spool.entries.length, 0);
});

const failures: readonly (readonly [
  code: 'QUEUE_FULL' | 'DEADLINE_EXCEEDED' | 'INVALID_INPUT' | 'RELEASE_NOT_FOUND',
  isLast: boolean,
  recorded: boolean,
])[] = [
  ['QUEUE_FULL', false, false],
  ['QUEUE_FULL', true, false],
  ['DEADLINE_EXCEEDED', false, false],
  ['DEADLINE_EXCEEDED', true, true],
  ['INVALID_INPUT', false, true],
  ['INVALID_INPUT', true, true],
  ['RELEASE_NOT_FOUND', false, false],
  ['RELEASE_NOT_FOUND', true, false],
];

for (const [code, isLast, recorded] of failures) {
  test(`${code} of ${isLast ? 'the last' : 'an'} attempt is ${recorded ? 'recorded' : 'not recorded'}`, async (t) => {
    const at = (): never => {
      throw new SluiceError(code, 'no');
    };
    const { link, spool } = await openDoor(t, { at });
    const scorer = link();
    const bindings = [false, true].map((returnsRecord, index) => ({
      ...declared().bindings[0],
      id: index + 1,
      returnsRecord,
    }));
    scorer.write({
      ...declared(),
      bindings,
      entries: [1, 2].map((id) => entry(id, { binding: id, isLast })),
    });
    const [spooled, returned] = await scorer.answersTo(1, 2);
    assert.deepEqual([spooled?.failure?.code, returned?.failure?.code], [code, code]);
    assert.deepEqual(
      recordsIn(spool).map((record) => record.code),
      recorded ? [code] : [],
    );
    assert.equal(spooled?.record, null);
    assert.equal(returned?.record !== null, recorded);
  });
}

test('what the scorer left behind is not recorded: it comes again under the same id', async (t) => {
  const { link, asked, spool, openLinks } = await openDoor(t);
  const scorer = link();
  scorer.write({ ...declared(), entries: [entry(1), entry(2, { isLast: true }), entry(3)], cancels: [3] });
  await eventually('the calls', () => asked.length === 3);
  scorer.cancel();
  await eventually('the end', () => openLinks.size === 0);
  const again = link();
  again.write({ ...declared(), entries: [1, 2, 3].map((id) => entry(id)) });
  await eventually('the calls', () => asked.length === 6);
  for (const each of asked) each.answer();
  await again.answersTo(1, 2, 3);
  assert.deepEqual(
    recordsIn(spool)
      .map(({ predictionId, code }) => [predictionId, code])
      .sort(),
    [1, 2, 3].map((id) => [idOf(id), 'OK']),
  );
});
