import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Message } from '@sluice/kernel/event-log/event-log';
import type { ScoreAnswer } from '@sluice/protos/gen/sluice/gateway/v1/ScoreAnswer';
import type { Scored, Unscored } from '../gateway-link.ts';
import { score } from '../testing/score.ts';
import { startFakeGateway } from './testing/fake-gateway.ts';
import { binding, openLinks, request, until } from './testing/open-link.ts';

const predictionId = '01890a5d-ac96-774b-bcce-b302099a8057';
const struct = { others: { fields: { score: { numberValue: 0.5 } } } };
const plain: Scored = {
  release: { model: 'churn', version: '1.0.0', digest: 'sha256:1' },
  outcome: { kind: 'prediction', outputs: { score: 0.5 } },
  warnings: [],
  traceparent: '',
  record: undefined,
};

const returned = {
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: [{ name: 'ce_id', value: Buffer.from('1') }],
};
const record: Message = {
  key: Buffer.from('k'),
  value: Buffer.from('v'),
  headers: [
    ['ce_specversion', Buffer.from('1.0')],
    ['ce_id', Buffer.from('1')],
  ],
};

const scored: readonly (readonly [string, ScoreAnswer, Partial<Scored>])[] = [
  ['outputs without a layout', { outputs: struct }, {}],
  [
    'outputs of a layout',
    { outputs: { layout: 1, numbers: [0.25], texts: ['yes'], flags: [true] } },
    { outcome: { kind: 'prediction', outputs: { score: 0.25, label: 'yes', sure: true } } },
  ],
  [
    'a refusal',
    { refusal: { code: 'UNKNOWN_VEHICLE', message: 'no price' } },
    { outcome: { kind: 'refusal', code: 'UNKNOWN_VEHICLE', message: 'no price' } },
  ],
  [
    'warnings and a trace',
    { outputs: struct, warnings: ['cold'], traceparent: '00-1' },
    { warnings: ['cold'], traceparent: '00-1' },
  ],
  ['a record, with the headers that all have and its own', { outputs: struct, record: returned }, { record }],
];

const violation = { path: 'tenure', rule: 'type', message: 'expected a number', allowed: ['number'] };

const failed: readonly (readonly [string, ScoreAnswer, Partial<Unscored>])[] = [
  [
    'invalid input, with its faults',
    { failure: { code: 'INVALID_INPUT', message: 'tenure: wrong', violations: [violation] } },
    { code: 'INVALID_INPUT', message: 'tenure: wrong', violations: [violation] },
  ],
  [
    'a failure that is recorded',
    { failure: { code: 'INVALID_INPUT', message: 'wrong' }, record: returned },
    { code: 'INVALID_INPUT', record },
  ],
  [
    'a failure that says when to try again',
    { failure: { code: 'OVERLOADED', message: 'full', retryAfterMs: 250 } },
    { code: 'OVERLOADED', retryAfterMs: 250 },
  ],
  [
    'a code that is not known',
    { failure: { code: 'NEWER', message: 'x' } },
    { code: 'INTERNAL', message: 'the gateway gave the unknown code NEWER: x' },
  ],
  ['no outcome', {}, { code: 'INTERNAL', message: "the gateway's answer cannot be read: it has no outcome" }],
  [
    'a release that was not declared',
    { outputs: struct, release: 7 },
    { code: 'INTERNAL', message: "the gateway's answer cannot be read: release 7 was not declared" },
  ],
  ['a layout that was not declared', { outputs: { layout: 9 } }, { code: 'INTERNAL' }],
  ['too few values for its layout', { outputs: { layout: 1, numbers: [] } }, { code: 'INTERNAL' }],
];

const layout = { id: 1, numbers: ['score'], texts: ['label'], flags: ['sure'] };

test('what the gateway answers is what an event was scored with', async (t) => {
  const gateway = await startFakeGateway(t);
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind({ ...binding, returnsRecord: true });
  gateway.stream?.send({ layouts: [layout] });
  const answerWith = (answer: ScoreAnswer): Promise<Scored> => {
    gateway.onEntry = (stream, { id }) => stream.answer(id, answer);
    return score(model, request({ predictionId }));
  };
  for (const [what, answer, expected] of scored)
    await t.test(what, async () => assert.deepEqual(await answerWith(answer), { ...plain, ...expected }));
  for (const [what, answer, expected] of failed)
    await t.test(what, () => assert.rejects(answerWith(answer), { name: 'SluiceError', ...expected }));
});

test('an event comes with all that the gateway has to know, each thing declared once', async (t) => {
  const gateway = await startFakeGateway(t);
  const link = await openLinks(t, [gateway.address]);
  const replay = { ...binding, version: '^2', isReplay: true, returnsRecord: true, priority: 3 };
  const parameters = { cutoff: 0.5 };
  const trace = { traceparent: '00-a', tracestate: 'b=c' };
  const given = { predictionId, requestId: 'r-1', parameters, trace, deadlineMs: 30_000, isLast: true };
  gateway.onEntry = (stream, { id }) => stream.answer(id);
  for (const each of [binding, replay, { ...replay }]) await score(link.bind(each), request(given));
  const { entries, bindings, layouts } = gateway.streams[0] ?? {};
  const { isReplay, ...common } = replay;
  assert.deepEqual(bindings?.[1], { id: 2, ...common, replay: isReplay });
  assert.deepEqual(
    [bindings?.length, layouts],
    [2, [{ id: 1, numbers: ['tenure'], texts: ['contract'], flags: [] }]],
  );
  const [first, , third] = entries ?? [];
  assert.ok(first !== undefined && first.remainingUs > 0 && first.remainingUs <= 30_000_000);
  const { remainingUs: _, parameters: told, ...more } = third ?? {};
  assert.equal(told?.fields?.['cutoff']?.numberValue, 0.5);
  assert.deepEqual(more, {
    id: 3,
    binding: 2,
    features: { layout: 1, numbers: [5], texts: ['One year'], flags: [], others: null },
    predictionId,
    entityId: 'c-1',
    requestId: 'r-1',
    ...trace,
    isLast: true,
  });
});

test('events of one turn of the event loop leave in one frame, and may be answered in any order', async (t) => {
  const gateway = await startFakeGateway(t);
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind(binding);
  const asked = [1, 2, 3].map((tenure) => score(model, request({ features: { tenure } })));
  await until('the entries', () => gateway.stream?.entries.length === 3);
  assert.equal(gateway.stream?.frames.length, 1);
  const answer = (score: number): ScoreAnswer => ({
    outputs: { others: { fields: { score: { numberValue: score } } } },
  });
  for (const id of [3, 1, 2, 2, 99]) gateway.stream?.answer(id, answer(id));
  assert.deepEqual(
    (await Promise.all(asked)).map(({ outcome }) => outcome),
    [1, 2, 3].map((score) => ({ kind: 'prediction', outputs: { score } })),
  );
});

test('a report goes to every gateway, and the latest to one that comes later', async (t) => {
  const [first, second] = [await startFakeGateway(t), await startFakeGateway(t)];
  const link = await openLinks(t, [first.address, second.address]);
  const told = (gateway: typeof first): (string | undefined)[] =>
    gateway.streams.flatMap(({ reports }) => reports.map(({ streams }) => streams[0]?.state));
  link.report([{ name: 'churn-events', state: 'RUNNING' }]);
  await until('both reports', () => told(first).length === 1 && told(second).length === 1);
  link.report([{ name: 'churn-events', state: 'WAITING' }]);
  await until('both reports', () => told(first).length === 2 && told(second).length === 2);
  second.stream?.break();
  await until('the latest once more', () => told(second).length === 3);
  assert.deepEqual(told(second), ['RUNNING', 'WAITING', 'WAITING']);
  assert.equal(second.stream?.reports[0]?.scorer, 's-1');
});

test('what is nested too deep for a frame harms only itself', async (t) => {
  const gateway = await startFakeGateway(t);
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind(binding);
  const deep = JSON.parse(`{"a":${'['.repeat(5_000)}${']'.repeat(5_000)}}`);
  gateway.onEntry = (stream, { id }) => stream.answer(id);
  const good = score(model, request());
  await assert.rejects(score(model, request({ features: deep })), {
    code: 'INVALID_INPUT',
    message: 'a: expected lists and objects at most 32 deep, it is deeper',
  });
  await assert.rejects(score(model, request({ parameters: deep })), { code: 'INVALID_INPUT' });
  await good;
  assert.equal(gateway.streams.length, 1);
});
