import assert from 'node:assert/strict';
import { test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import type { PredictStreamResponse } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import { loadProtos } from '@sluice/protos/load';
import { answerDecoder } from './decode-answer.ts';

const { PredictStream } = loadProtos().sluice.v1.PredictionService.service;
const encode = (message: PredictStreamResponse): Buffer => PredictStream.responseSerialize(message);

const decode = answerDecoder('r-');
/** It lies among other bytes. */
const decodeAnswer = (message: Buffer) =>
  decode(Buffer.concat([Buffer.of(0xff), message, Buffer.of(0xff)]), 1, 1 + message.length);

const common = {
  requestId: 'r-17',
  predictionId: '01a202c7-b4a2-7f22-8246-17d4bddf5a92',
  release: { name: 'churn', version: '1.1.0', digest: 'sha256:00' },
  timings: { queueMs: 0.25, computeMs: 1, totalMs: 2 },
  traceId: '0af7651916cd43dd8448eb211c80319c',
};
const { predictionId } = common;
const told = { row: 17, predictionId, version: '1.1.0' };

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
  const error = { code: 'OVERLOADED', message: 'too many', retryAfterMs: 1_000 };
  const violations = [{ path: 'a', rule: 'b' }];
  assert.deepEqual(decodeAnswer(encode({ error: { ...error, requestId: 'r-2', violations } })), {
    kind: 'error',
    row: 2,
    ...error,
  });
});

test('an answer about no row of this run has none', () => {
  const answer = decodeAnswer(encode({ response: { ...common, requestId: 'r-x', prediction: {} } }));
  assert.equal(answer.row, Number.NaN);
});

test('names are known again, and told apart', () => {
  const outputsOf = (outputs: Parameters<typeof toStruct>[0]) => {
    const answer = decodeAnswer(
      encode({ response: { ...common, prediction: { outputs: toStruct(outputs) } } }),
    );
    return answer.kind === 'prediction' ? answer.outputs : undefined;
  };
  for (const outputs of [{ ab: 1, ba: 2 }, { ba: 3, ab: 4 }, { ab: 5, ä: 6 }, { constructor: 7 }])
    assert.deepEqual(outputsOf(outputs), outputs);
});

const faults: [what: string, bytes: Buffer, message: RegExp][] = [
  ['nothing', Buffer.alloc(0), /an answer is empty/],
  ['half a field', encode({ response: common }).subarray(0, 20), /in the middle of a field/],
  ['another wire type', Buffer.of(0x0b), /wire type 3/],
];
for (const [what, bytes, message] of faults)
  test(`${what} is no answer`, () => assert.throws(() => decodeAnswer(bytes), { message }));
