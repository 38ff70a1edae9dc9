import assert from 'node:assert/strict';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { PredictStreamResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import { packages } from '../../support/clients.ts';
import { judged, limited, trees, treesAnswers, treesRows } from '../model/trees.ts';
import { framedBytes, frameMessages } from './grpc-frames.ts';
import type { Question } from './question.ts';
import { askStream, askUnary } from './raw-client.ts';

const { Predict, PredictStream } = packages.sluice.v1.PredictionService.service;

const headers = { 'content-type': 'application/grpc', te: 'trailers' };
const tolerance = 1e-5;

/** The first row, by the names of its columns. */
export const treesFeatures = (): Features => {
  const { names, rows } = treesRows();
  return Object.fromEntries(names.map((name, column) => [name, rows[0]?.[column] ?? 0]));
};

const predictRequest = (requestId: string) => ({
  model: trees.name,
  requestId,
  features: toStruct(treesFeatures()),
});

/** The same prediction by the release that has limits, and defaults for the rest. */
const limitedRequest = (model: string) => {
  const given = Object.entries(treesFeatures()).slice(0, limited.given);
  return { model, features: toStruct(Object.fromEntries(given)) };
};

const assertBenign = async ({ prediction }: PredictResponse__Output): Promise<void> => {
  const [expected = Number.NaN] = await treesAnswers(1);
  const benign = prediction?.outputs?.fields?.['benign']?.numberValue ?? Number.NaN;
  assert.ok(Math.abs(benign - expected) < tolerance, `benign is ${benign}, not ${expected}`);
};

const predictOnce = (name: string, request: Parameters<typeof Predict.requestSerialize>[0]): Question => {
  const message = Predict.requestSerialize(request);
  return {
    name,
    path: Predict.path,
    door: 'grpc',
    headers,
    body: frameMessages([message]),
    messages: 1,
    rows: 1,
    ask: async ({ grpc }) => {
      const answer = await askUnary(grpc, Predict.path, message);
      await assertBenign(Predict.responseDeserialize(answer) as PredictResponse__Output);
      return framedBytes([answer]);
    },
  };
};

/** Predict with 30 named features. */
export const predictTrees = (): Question => predictOnce('predict', predictRequest(''));

/** Predict with 20 named features, each with limits. */
export const predictLimited = (): Question => predictOnce('predict-20', limitedRequest(limited.name));

/** The same of a release with three rules. */
export const predictJudged = (): Question => predictOnce('predict-3-rules', limitedRequest(judged.name));

/** PredictStream: a stream of so many messages, each with a request id of its own. */
export const predictTreesStream = (messages: number): Question => {
  const ids = Array.from({ length: messages }, (_, index) => `r-${index}`);
  const all = ids.map((id) => PredictStream.requestSerialize({ predict: predictRequest(id) }));
  return {
    name: `predict-stream-${messages}`,
    path: PredictStream.path,
    door: 'grpc',
    headers,
    body: frameMessages(all),
    messages,
    rows: 1,
    ask: async ({ grpc }) => {
      const answers = await askStream(grpc, PredictStream.path, all);
      const items = answers.map(
        (bytes) => PredictStream.responseDeserialize(bytes) as PredictStreamResponse__Output,
      );
      assert.deepEqual(items.map(({ response }) => response?.requestId ?? 'an error').sort(), ids.toSorted());
      const [first] = items;
      assert.ok(first?.response);
      await assertBenign(first.response);
      return framedBytes(answers);
    },
  };
};
