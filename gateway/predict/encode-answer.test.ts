import assert from 'node:assert/strict';
import { test } from 'node:test';
import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import { loadProtos } from '@sluice/protos/load';
import type { Answer } from '../core/call.ts';
import { computed, testCall, testRelease, testScope } from '../testing/calls.ts';
import { encodeAnswer, encodeError } from './encode-answer.ts';
import { inferOver } from './infer-over.ts';

const { PredictResponse, PredictError } = loadProtos().sluice.v1;

const named = { p: 0.75, range: { lower: 1, upper: 2 }, label: null };
const answer: Answer = {
  predictionId: 'p-1',
  release: testRelease(),
  tensors: computed().outputs,
  outcome: { kind: 'prediction', named },
  timings: { ...computed().timings, queueUs: 1_500, computeInferUs: 2_000 },
  warnings: ['m 1.0.0 is deprecated: old'],
  totalMs: 12.345_678,
};

test('an answer is one prediction with its release, times in milliseconds, trace and request id', () => {
  const call = testCall({ requestId: 'r-1' });
  const message = PredictResponse.deserialize(PredictResponse.serialize(encodeAnswer(answer, call)));
  assert.deepEqual(fromStruct(message.prediction?.outputs ?? null), named);
  assert.equal(message.outcome, 'prediction');
  const { name, version, digest } = message.release ?? {};
  assert.deepEqual([name, version, digest], ['m', '1.0.0', 'sha256:1']);
  const { queueMs, computeMs, totalMs } = message.timings ?? {};
  assert.deepEqual([queueMs, computeMs, totalMs], [1.5, 2.006, 12.346]);
  assert.deepEqual([message.predictionId, message.requestId], ['p-1', 'r-1']);
  assert.deepEqual(message.warnings, ['m 1.0.0 is deprecated: old']);
  assert.equal(message.traceId, call.scope.spanContext.traceId);
});

test('an error of a stream item has its code, faults, retry hint and request id', () => {
  const faults = [{ path: 'features.age', rule: 'type', message: 'expected a number' }];
  const message = PredictError.deserialize(PredictError.serialize(encodeError(invalidInput(faults), 'r-1')));
  assert.deepEqual(
    [message.code, message.message, message.requestId, message.retryAfterMs],
    ['INVALID_INPUT', 'features.age: expected a number', 'r-1', 0],
  );
  assert.deepEqual(
    message.violations.map(({ path, rule, message: text }) => ({ path, rule, message: text })),
    faults,
  );
  assert.equal(encodeError(new SluiceError('QUEUE_FULL', '', { retryAfterMs: 50 }), '').retryAfterMs, 50);
});

test('a request of the Open Inference Protocol takes the same road, with its tensors', async () => {
  const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: new Uint8Array(8) } as const;
  const scope = testScope({ entityId: 'header' });
  const parameters = { priority: 1, timeoutUs: 5, entityId: undefined };
  const request = { model: 'm', version: '1', id: 'r-1', inputs: [x], outputs: ['y'], parameters };
  const infer = inferOver(async (call) => {
    const { input, priority, timeoutUs, entityId, requestId } = call;
    assert.deepEqual(input, { kind: 'tensors', tensors: [x], outputs: ['y'] });
    assert.deepEqual([priority, timeoutUs, entityId, requestId], [1, 5, 'header', 'r-1']);
    assert.equal(call.scope, scope);
    return { ...answer, predictionId: call.predictionId };
  });
  const response = await infer(request, scope);
  const { model, version, id, outputs } = response;
  assert.deepEqual([model, version, id, outputs], ['m', '1.0.0', 'r-1', answer.tensors]);
  assert.equal(response.parameters['sluice_warning'], 'm 1.0.0 is deprecated: old');
  assert.match(response.parameters['sluice_prediction_id'] ?? '', /^[0-9a-f-]{36}$/);
});
