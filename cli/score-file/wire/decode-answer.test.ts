import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { PredictStreamResponse } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import { loadProtos } from '@sluice/protos/load';
import { decodeAnswer } from './decode-answer.ts';

const { PredictStream } = loadProtos().sluice.v1.PredictionService.service;
const encode = (message: PredictStreamResponse): Buffer => PredictStream.responseSerialize(message);

const common = {
  requestId: 'r-1',
  predictionId: '01a202c7-b4a2-7f22-8246-17d4bddf5a92',
  release: { name: 'churn', version: '1.1.0', digest: 'sha256:00' },
  timings: { queueMs: 0.25, computeMs: 1, totalMs: 2 },
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
const { requestId, predictionId } = common;
const told = { requestId, predictionId, version: '1.1.0' };

test('a prediction has its outputs, however deep', () => {
  const outputs = {
    price: 8067.5,
    label: 'yes',
    sure: true,
    none: null,
    interval: { lower: -1, upper: 2 },
    top: [{ label: 'a', score: 0.5 }],
  };
  const answer = decodeAnswer(
    encode({ response: { ...common, prediction: { outputs: toStruct(outputs) }, warnings: ['deprecated'] } }),
  );
  assert.deepEqual(answer, { kind: 'prediction', ...told, outputs });
});

test('a prediction may have no outputs', () => {
  assert.deepEqual(decodeAnswer(encode({ response: { ...common, prediction: {} } })), {
    kind: 'prediction',
    ...told,
    outputs: {},
  });
});

test('a refusal has its code', () => {
  const refusal = { code: 'UNKNOWN_VEHICLE', message: 'no price' };
  const answer = decodeAnswer(encode({ response: { ...common, refusal } }));
  assert.deepEqual(answer, { kind: 'refusal', ...told, ...refusal });
});

test('an error has its code, and when a retry is worth while', () => {
  const error = { requestId: 'r-2', code: 'OVERLOADED', message: 'too many', retryAfterMs: 1_000 };
  assert.deepEqual(decodeAnswer(encode({ error: { ...error, violations: [{ path: 'a', rule: 'b' }] } })), {
    kind: 'error',
    ...error,
  });
});

const faults: [what: string, bytes: Buffer, message: RegExp][] = [
  ['nothing', Buffer.alloc(0), /an answer is empty/],
  ['half a field', encode({ response: common }).subarray(0, 20), /in the middle of a field/],
  ['another wire type', Buffer.of(0x0b), /wire type 3/],
];
for (const [what, bytes, message] of faults)
  test(`${what} is no answer`, () => assert.throws(() => decodeAnswer(bytes), { message }));
