import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { toStruct } from '@sluice/kernel/features/struct';
import type { ScoreEntry } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import { answerOf, idOf, openDoor } from './testing/open-door.ts';

const layout = { id: 1, numbers: ['age'] };
const binding = { id: 1, stream: 'ages', model: 'm', version: '1.x', priority: 3 };
const declared = { layouts: [layout], bindings: [binding] };

const entry = (id: number, more: Partial<ScoreEntry> = {}): ScoreEntry => ({
  id,
  binding: 1,
  features: { layout: 1, numbers: [id] },
  predictionId: idOf(id),
  ...more,
});

test('the entries of one frame are answered, and what answers refer to is declared once', async (t) => {
  const { link } = await openDoor(t, {
    at: (call) =>
      answerOf(call, { outcome: { kind: 'prediction', named: { p: 0.5, label: 'no', rows: [1] } } }),
  });
  const scorer = link();
  const ids = Array.from({ length: 500 }, (_, index) => index + 1);
  scorer.write({ ...declared, entries: ids.map((id) => entry(id)) });
  const answers = await scorer.answersTo(...ids);
  for (const { named, by, outcome, timings } of answers) {
    assert.equal(outcome, 'outputs');
    assert.deepEqual(named, { p: 0.5, label: 'no', rows: [1] });
    assert.deepEqual(by, { name: 'm', version: '1.0.0', digest: 'sha256:1' });
    assert.deepEqual(timings, { queueMs: 0.001, computeMs: 0.009, totalMs: 1.5 });
  }
  const { frames } = scorer;
  assert.equal(
    frames.reduce((sum, frame) => sum + frame.layouts.length, 0),
    1,
  );
  assert.equal(
    frames.reduce((sum, frame) => sum + frame.releases.length, 0),
    1,
  );
  assert.ok(frames.length < 50, `${frames.length} frames for ${ids.length} answers`);
});

test('an entry is a call with all that it says', async (t) => {
  const { link, asked } = await openDoor(t);
  const scorer = link();
  const traceparent = `00-${'a'.repeat(32)}-${'b'.repeat(16)}-01`;
  const more = { entityId: 'e', requestId: 'r', traceparent, tracestate: 'x=1', remainingUs: 30_000_000 };
  const parameters = toStruct({ timeout: 5_000_000, note: 'kept' });
  scorer.write({ ...declared, entries: [entry(1, { ...more, parameters }), entry(2)] });
  scorer.write({ bindings: [{ ...binding, id: 2, replay: true }] });
  scorer.write({ entries: [entry(3, { binding: 2, parameters: toStruct({ priority: 1 }) })] });
  await eventually('the calls', () => asked.length === 3);
  const [first, second, third] = asked.map(({ call }) => call);
  assert.equal(first?.predictionId, idOf(1));
  assert.deepEqual(
    [first.model, first.version, first.entityId, first.requestId, first.priority, first.timeoutUs],
    ['m', '1.x', 'e', 'r', 3, 5_000_000],
  );
  assert.deepEqual(first.sentParameters, { timeout: 5_000_000, note: 'kept' });
  assert.deepEqual(first.input, { kind: 'features', features: { age: 1 } });
  assert.equal(first.scope.door, 'stream');
  assert.equal(first.scope.trace.traceparent, traceparent);
  assert.match(first.scope.peer, /127\.0\.0\.1:\d+$/);
  assert.equal(first.scope.deadlineAt < first.scope.arrivedAt + 30_001, true);
  assert.deepEqual(
    [second?.entityId, second?.sentParameters, second?.traffic],
    [undefined, undefined, 'user'],
  );
  assert.equal(second?.scope.deadlineAt, Number.POSITIVE_INFINITY);
  assert.deepEqual([third?.traffic, third?.priority], ['replay', 1]);
  for (const each of asked) each.answer();
  const [answer, untraced] = await scorer.answersTo(1, 2, 3);
  assert.deepEqual([answer?.traceparent, untraced?.traceparent], [traceparent, '']);
});

test('a refusal is an answer, with its warnings', async (t) => {
  const { link } = await openDoor(t, {
    at: (call) =>
      answerOf(call, {
        outcome: { kind: 'refusal', code: 'TOO_OLD', message: 'no' },
        warnings: ['deprecated'],
      }),
  });
  const scorer = link();
  scorer.write({ ...declared, entries: [entry(1)] });
  const [answer] = await scorer.answersTo(1);
  assert.deepEqual(answer?.refusal, { code: 'TOO_OLD', message: 'no' });
  assert.deepEqual(answer?.warnings, ['deprecated']);
  assert.equal(answer?.by?.version, '1.0.0');
});

const bad: readonly (readonly [why: string, more: Partial<ScoreEntry>, code: string, message: RegExp])[] = [
  ['a binding that nobody declared', { binding: 7 }, 'MALFORMED_REQUEST', /binding 7 was not declared/],
  ['a binding without a model', { binding: 2 }, 'MALFORMED_REQUEST', /model of binding 2 is empty/],
  [
    'no prediction id',
    { predictionId: '' },
    'MALFORMED_REQUEST',
    /prediction_id: expected a UUIDv7, got the string ''/,
  ],
  [
    'a prediction id of another version',
    { predictionId: '019a0000-0000-4000-8000-000000000000' },
    'MALFORMED_REQUEST',
    /prediction_id/,
  ],
  [
    'a layout that nobody declared',
    { features: { layout: 9 } },
    'MALFORMED_REQUEST',
    /layout 9 was not declared/,
  ],
  [
    'a value too many',
    { features: { layout: 1, numbers: [1, 2] } },
    'MALFORMED_REQUEST',
    /layout 1 has 1 numbers.*the row has 2/,
  ],
  [
    'a parameter of the wrong type',
    { parameters: toStruct({ priority: 'high' }) },
    'INVALID_INPUT',
    /parameters\.priority/,
  ],
  ['no time left', { remainingUs: 1 }, 'DEADLINE_EXCEEDED', /deadline/],
];

test('a bad entry is answered with what is wrong with it, and the link goes on', async (t) => {
  const { link, registry } = await openDoor(t, { at: (call) => answerOf(call) });
  const scorer = link();
  const entries = bad.flatMap(([, more], index) => [entry(index + 1, more), entry(index + 101)]);
  scorer.write({ layouts: [layout], bindings: [binding, { id: 2, stream: 'modelless' }], entries });
  for (const [index, [why, , code, message]] of bad.entries()) {
    const [failed, good] = await scorer.answersTo(index + 1, index + 101);
    assert.equal(failed?.failure?.code, code, why);
    assert.match(failed.failure.message, message, why);
    assert.equal(failed.by, undefined);
    assert.deepEqual(good?.named, { p: 0.75 }, why);
  }
  const [parameter] = await scorer.answersTo(7);
  assert.deepEqual(
    parameter?.failure?.violations.map(({ path, rule }) => [path, rule]),
    [['parameters.priority', 'type']],
  );
  const text = await registry.metrics();
  assert.match(text, /sluice_link_refused_events_total\{code="MALFORMED_REQUEST".*\} 6/);
});

test('a failure tells when to try again, and what is wrong with the input', async (t) => {
  const { link, asked } = await openDoor(t);
  const scorer = link();
  scorer.write({ ...declared, entries: [entry(1), entry(2)] });
  await eventually('the calls', () => asked.length === 2);
  asked[0]?.fail(new SluiceError('QUEUE_FULL', 'full', { retryAfterMs: 50 }));
  const violation = { path: 'features.age', rule: 'minimum', message: 'too young', allowed: ['>= 18'] };
  asked[1]?.fail(new SluiceError('INVALID_INPUT', 'no', { violations: [violation] }));
  const [full, invalid] = await scorer.answersTo(1, 2);
  assert.deepEqual([full?.failure?.code, full?.failure?.retryAfterMs], ['QUEUE_FULL', 50]);
  assert.deepEqual(invalid?.failure?.violations, [violation]);
});

test('an unknown fault is INTERNAL, and its text stays here', async (t) => {
  const at = (): never => {
    throw new Error('a secret');
  };
  const { link } = await openDoor(t, { at });
  const scorer = link();
  scorer.write({ ...declared, entries: [entry(1)] });
  const [answer] = await scorer.answersTo(1);
  assert.equal(answer?.failure?.code, 'INTERNAL');
  assert.doesNotMatch(answer.failure.message, /secret/);
});
