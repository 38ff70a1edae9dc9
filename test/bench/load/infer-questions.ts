import assert from 'node:assert/strict';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { ModelStreamInferResponse__Output } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import { packages } from '../../support/clients.ts';
import { trees, treesAnswers, treesTensor } from '../model/trees.ts';
import { framedBytes, frameMessages } from './grpc-frames.ts';
import type { Question } from './question.ts';
import { askStream, askUnary } from './raw-client.ts';

const { ModelInfer, ModelStreamInfer } = packages.inference.GRPCInferenceService.service;

const grpcHeaders = { 'content-type': 'application/grpc', te: 'trailers' };
const tolerance = 1e-5;

const bytesOf = (values: Float32Array): Buffer =>
  Buffer.from(values.buffer, values.byteOffset, values.byteLength);

/** One FP32 input, raw. */
export const inferMessage = (model: string, input: string, shape: readonly number[], values: Float32Array) =>
  ModelInfer.requestSerialize({
    modelName: model,
    inputs: [{ name: input, datatype: 'FP32', shape: [...shape] }],
    rawInputContents: [bytesOf(values)],
  } satisfies ModelInferRequest);

/** The values of one FP32 output. */
const outputOf = (answer: ModelInferResponse__Output, name: string): Float32Array => {
  const index = answer.outputs.findIndex((output) => output.name === name);
  const raw = Uint8Array.from(answer.rawOutputContents[index] ?? []);
  return new Float32Array(raw.buffer);
};

/** @throws AssertionError unless the probabilities are those that onnxruntime-node computes by itself. */
const assertTrees = async (answer: ModelInferResponse__Output, rows: number): Promise<void> => {
  const probabilities = outputOf(answer, 'probabilities');
  assert.equal(probabilities.length, 2 * rows, 'two probabilities a row');
  for (const [row, expected] of (await treesAnswers(rows)).entries())
    assert.ok(
      Math.abs((probabilities[2 * row + 1] ?? Number.NaN) - expected) < tolerance,
      `row ${row} is wrong`,
    );
};

export interface UnaryInfer {
  readonly name: string;
  readonly message: Buffer;
  readonly rows: number;
  readonly verify: (answer: ModelInferResponse__Output) => Promise<void> | void;
  readonly headers?: Readonly<Record<string, string>>;
}

export const unaryInfer = ({ name, message, rows, verify, headers = {} }: UnaryInfer): Question => ({
  name,
  path: ModelInfer.path,
  door: 'grpc',
  headers: { ...grpcHeaders, ...headers },
  body: frameMessages([message]),
  messages: 1,
  rows,
  ask: async ({ grpc }) => {
    const answer = await askUnary(grpc, ModelInfer.path, message);
    await verify(ModelInfer.responseDeserialize(answer) as ModelInferResponse__Output);
    return framedBytes([answer]);
  },
});

const treesMessage = (rows: number, model: string): Buffer =>
  inferMessage(model, 'features', [rows, trees.columns], treesTensor(rows));

/** So many rows in one ModelInfer. */
export const inferTrees = (rows: number, model: string = trees.name): Question =>
  unaryInfer({
    name: `infer-${model}-${rows}`,
    message: treesMessage(rows, model),
    rows,
    verify: (answer) => assertTrees(answer, rows),
  });

/** ModelStreamInfer: a stream of so many messages of one row. */
export const inferTreesStream = (messages: number): Question => {
  const all = Array.from({ length: messages }, () => treesMessage(1, trees.name));
  return {
    name: `infer-stream-${messages}`,
    path: ModelStreamInfer.path,
    door: 'grpc',
    headers: grpcHeaders,
    body: frameMessages(all),
    messages,
    rows: 1,
    ask: async ({ grpc }) => {
      const answers = await askStream(grpc, ModelStreamInfer.path, all);
      assert.equal(answers.length, messages, 'an answer to each message');
      for (const answer of answers) {
        const { errorMessage, inferResponse } = ModelStreamInfer.responseDeserialize(
          answer,
        ) as ModelStreamInferResponse__Output;
        assert.equal(errorMessage, '');
        assert.ok(inferResponse);
      }
      const last = ModelStreamInfer.responseDeserialize(answers.at(-1) ?? Buffer.alloc(0));
      await assertTrees(
        (last as ModelStreamInferResponse__Output).inferResponse as ModelInferResponse__Output,
        1,
      );
      return framedBytes(answers);
    },
  };
};

/** A tensor of so many bytes there and back, through a model that answers what it is asked. */
export const inferEcho = (name: string, bytes: number): Question => {
  const values = Float32Array.from({ length: bytes / 4 }, (_, index) => index);
  return unaryInfer({
    name: `echo-${bytes}`,
    message: inferMessage(name, 'x0', [1, values.length], values),
    rows: 1,
    verify: (answer) => assert.deepEqual(outputOf(answer, 'y0'), values),
  });
};

/** One request to a model of matrices.ts; `deadlineMs`: as gRPC carries it. */
export const inferMatrices = (
  { name, size }: { readonly name: string; readonly size: number },
  deadlineMs?: number,
): Question =>
  unaryInfer({
    name: `matrices-${name}`,
    message: inferMessage(name, 'x', [size, 1], new Float32Array(size).fill(1 / Math.sqrt(size))),
    rows: 1,
    verify: (answer) => {
      const [sum = Number.NaN] = outputOf(answer, 'sum');
      assert.ok(Math.abs(sum - size) < 0.01, `the sum is ${sum}`);
    },
    ...(deadlineMs === undefined ? {} : { headers: { 'grpc-timeout': `${deadlineMs}m` } }),
  });
