import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { Answer, TimedCall } from '../core/call.ts';
import type { Resolution } from '../core/resolve-release.ts';
import { newPredictionId } from '../predict/prediction-id.ts';
import { computed, testCall, testRelease, testScope } from '../testing/calls.ts';
import { recordsIn, resolution, testWriter } from '../testing/records.ts';
import { record } from './record.ts';

const answer: Answer = {
  predictionId: 'p',
  release: testRelease(),
  tensors: computed().outputs,
  outcome: { kind: 'prediction', named: { p: 0.75 } },
  timings: computed().timings,
  warnings: ['m 1.0.0 is deprecated: old'],
  totalMs: 1.5,
};

const timed = (more: Partial<TimedCall> = {}): TimedCall => ({
  ...testCall(more),
  dueAt: 1_000,
  trail: {},
  ...more,
});

/** The layer over what finds a release and then ends as the test says. */
const startRecording = (found: Resolution | undefined, end: () => Promise<Answer>) => {
  const parts = testWriter();
  const layer = record({ write: parts.write, now: () => performance.now() });
  const handle = layer(async ({ trail }) => {
    if (found !== undefined) trail.resolution = found;
    return end();
  });
  return { ...parts, handle };
};

const tensors: TimedCall['input'] = {
  kind: 'tensors',
  tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 2], data: Buffer.from('12345678') }],
  outputs: ['y'],
};

const failing = (error: Error) => async (): Promise<Answer> => {
  throw error;
};

test('a prediction is recorded before it is answered, with all that there is to say', async () => {
  const { handle, spool } = startRecording(resolution(), async () => answer);
  const predictionId = newPredictionId();
  const scope = testScope({ peer: '10.0.0.1:7' });
  const sentParameters = { priority: 1 };
  await handle(timed({ predictionId, scope, requestId: 'r', version: '1.x', entityId: 'e', sentParameters }));
  const [kept] = recordsIn(spool);
  assert.equal(kept?.predictionId, predictionId);
  assert.ok(Math.abs(Date.parse(kept.time) - Date.now()) < 60_000);
  assert.deepEqual(kept.release, { name: 'm', version: '1.0.0', digest: 'sha256:1' });
  assert.deepEqual(fromStruct(kept.input?.features ?? null), { age: 40 });
  assert.deepEqual(fromStruct(kept.outcome?.prediction?.outputs ?? null), { p: 0.75 });
  assert.deepEqual(fromStruct(kept.parameters), { priority: 1 });
  assert.deepEqual(kept.timings, { queueMs: 0.001, computeMs: 0.009, totalMs: 1.5 });
  const { door, environment, gateway, model, version, revision, entityId, code, client, requestId } = kept;
  assert.deepEqual(
    { door, environment, gateway, model, version, revision, entityId, code, client, requestId },
    {
      door: 'grpc',
      environment: 'dev',
      gateway: 'gateway-1',
      model: 'm',
      version: '1.x',
      revision: 7,
      entityId: 'e',
      code: 'OK',
      client: '10.0.0.1:7',
      requestId: 'r',
    },
  );
  assert.equal(kept.traceId, scope.spanContext.traceId);
  assert.deepEqual(kept.warnings, answer.warnings);
  assert.equal(kept.synthetic, false);
  assert.equal(kept.notReplayable, '');
});

test('the message has the key of the entity, else of the prediction, the topic and the model for a subject', async () => {
  const { handle, spool } = startRecording(resolution(), async () => answer);
  const predictionId = newPredictionId();
  await handle(timed({ predictionId, entityId: 'e' }));
  await handle(timed({ predictionId }));
  assert.deepEqual(
    spool.entries.map(({ topic, id, key }) => ({ topic, id, key })),
    ['e', predictionId].map((key) => ({ topic: 'sluice.predictions.v1', id: predictionId, key })),
  );
  assert.deepEqual(spool.entries[0]?.headers, [['ce_subject', Buffer.from('m')]]);
});

test('tensors are recorded with the bytes that came, and those that were answered', async () => {
  const outcome = { kind: 'prediction', named: undefined } as const;
  const { handle, spool } = startRecording(resolution(), async () => ({ ...answer, outcome }));
  await handle(timed({ input: tensors }));
  const [kept] = recordsIn(spool);
  assert.deepEqual(kept?.input?.tensors, {
    tensors: [{ name: 'x', datatype: 'FP32', shape: [1, 2], raw: Buffer.from('12345678') }],
    outputs: ['y'],
  });
  assert.deepEqual(
    kept?.outcome?.tensors?.tensors.map(({ name, shape }) => ({ name, shape })),
    [{ name: 'y', shape: [1, 1] }],
  );
});

test('a refusal is recorded with the code of its rule', async () => {
  const outcome = { kind: 'refusal', code: 'TOO_OLD', message: 'too old' } as const;
  const { handle, spool } = startRecording(resolution(), async () => ({
    ...answer,
    outcome,
    timings: undefined,
  }));
  await handle(timed());
  const [kept] = recordsIn(spool);
  assert.equal(kept?.code, 'TOO_OLD');
  assert.deepEqual(kept.outcome?.refusal, { code: 'TOO_OLD', message: 'too old' });
});

const failures: readonly [what: string, error: Error, found: Resolution | undefined, code: string][] = [
  ['invalid input', new SluiceError('INVALID_INPUT', 'age: no'), resolution(), 'INVALID_INPUT'],
  ['an unknown model', new SluiceError('MODEL_NOT_FOUND', 'no'), undefined, 'MODEL_NOT_FOUND'],
  ['a caller who went away', new SluiceError('CANCELLED', 'went away'), resolution(), 'CANCELLED'],
  ['expiry', new SluiceError('DEADLINE_EXCEEDED', 'late'), resolution(), 'DEADLINE_EXCEEDED'],
  ['a fault of Sluice itself', new TypeError('no'), resolution(), 'INTERNAL'],
];

for (const [what, error, found, code] of failures)
  test(`a failure is recorded, and told as before: ${what}`, async () => {
    const { handle, spool } = startRecording(found, failing(error));
    const model = found === undefined ? 'nobody' : 'm';
    await assert.rejects(handle(timed({ model })), { code });
    const [kept] = recordsIn(spool);
    assert.equal(kept?.code, code);
    assert.equal(kept.outcome?.failure?.code, code);
    assert.equal(kept.release?.version, found === undefined ? undefined : '1.0.0');
    assert.equal(kept.model, model);
  });

test('a synthetic request is recorded with its mark, and one of the past not once more', async () => {
  const { handle, spool } = startRecording(resolution(), async () => answer);
  await handle(timed({ traffic: 'synthetic' }));
  assert.equal(await handle(timed({ traffic: 'replay' })), answer);
  assert.deepEqual(
    recordsIn(spool).map(({ synthetic }) => synthetic),
    [true],
  );
});

test('what is required and cannot be kept is not answered; its count says rejected', async () => {
  const { handle, spool, metrics } = startRecording(resolution(), async () => answer);
  spool.isFull = true;
  await assert.rejects(handle(timed()), { code: 'SPOOL_FULL' });
  assert.deepEqual(metrics.counts('m', 'required'), { kept: 0, dropped: 0, rejected: 1 });
});

test('a failure that cannot be kept stays what it is', async () => {
  const error = new SluiceError('INVALID_INPUT', 'age: no');
  const { handle, spool, metrics } = startRecording(resolution(), failing(error));
  spool.isFull = true;
  await assert.rejects(handle(timed()), error);
  assert.deepEqual(metrics.counts('m', 'required'), { kept: 0, dropped: 1, rejected: 0 });
});

test('what is recorded by best effort is answered although it cannot be kept', async () => {
  const { handle, spool, metrics } = startRecording(resolution({ mode: 'best-effort' }), async () => answer);
  spool.isFull = true;
  assert.equal(await handle(timed()), answer);
  spool.isFull = false;
  await handle(timed());
  assert.deepEqual(metrics.counts('m', 'best-effort'), { kept: 1, dropped: 1, rejected: 0 });
});

test('nothing is recorded where the mode is off', async () => {
  const { handle, spool } = startRecording(resolution({ mode: 'off' }), async () => answer);
  await handle(timed());
  assert.deepEqual(spool.entries, []);
});

test('a record waits for the disk where the revision says so', async () => {
  const { handle, spool } = startRecording(resolution({ fsync: true }), async () => answer);
  await handle(timed());
  assert.deepEqual(spool.synced, [true]);
});

test('a share of the requests is recorded, the same ones whenever it is asked', async () => {
  const { handle, spool } = startRecording(resolution({ sample: 0.5 }), async () => answer);
  const ids = Array.from({ length: 200 }, () => newPredictionId());
  for (const predictionId of [...ids, ...ids]) await handle(timed({ predictionId }));
  const kept = spool.entries.map(({ id }) => id);
  const [first, second] = [kept.slice(0, kept.length / 2), kept.slice(kept.length / 2)];
  assert.deepEqual(first, second);
  assert.ok(first.length > 40 && first.length < 160, `${first.length} of 200`);
});
