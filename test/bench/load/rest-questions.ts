import assert from 'node:assert/strict';
import { trees, treesAnswers, treesRows, treesTensor } from '../model/trees.ts';
import { treesFeatures } from './predict-questions.ts';
import type { Question } from './question.ts';

const tolerance = 1e-5;
const lengthHeader = 'inference-header-content-length';
const inferPath = `/v2/models/${trees.name}/infer`;

interface InferAnswer {
  readonly outputs: readonly { readonly name: string; readonly data: readonly number[] }[];
}

const assertBenign = async (benign: number | undefined): Promise<void> => {
  const [expected = Number.NaN] = await treesAnswers(1);
  assert.ok(Math.abs((benign ?? Number.NaN) - expected) < tolerance, `benign is ${benign}, not ${expected}`);
};

interface RestQuestion extends Pick<Question, 'name' | 'path' | 'headers' | 'body'> {
  /** What the answer says of the probability. */
  readonly benignIn: (answer: Buffer, headers: Headers) => number | undefined;
}

const restQuestion = ({ benignIn, ...question }: RestQuestion): Question => ({
  ...question,
  door: 'rest',
  messages: 1,
  rows: 1,
  ask: async ({ http }) => {
    const { path, headers, body } = question;
    const response = await fetch(`${http}${path}`, { method: 'POST', headers, body: Buffer.from(body) });
    const answer = Buffer.from(await response.arrayBuffer());
    assert.equal(response.status, 200, answer.toString());
    await assertBenign(benignIn(answer, response.headers));
    return answer.byteLength;
  },
});

const shape = [1, trees.columns];
const input = { name: 'features', datatype: 'FP32', shape };

/** The Open Inference Protocol in JSON. */
export const inferTreesJson = (): Question =>
  restQuestion({
    name: 'rest-json',
    path: inferPath,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ inputs: [{ ...input, data: treesRows().rows[0] }] })),
    benignIn: (answer) => {
      const { outputs } = JSON.parse(answer.toString()) as InferAnswer;
      return outputs.find(({ name }) => name === 'probabilities')?.data[1];
    },
  });

/** The same with binary tensors, both ways. */
export const inferTreesBinary = (): Question => {
  const data = Buffer.from(treesTensor(1).buffer);
  const parameters = { binary_data_size: data.byteLength };
  const outputs = [{ name: 'probabilities', parameters: { binary_data: true } }];
  const header = Buffer.from(JSON.stringify({ inputs: [{ ...input, parameters }], outputs }));
  return restQuestion({
    name: 'rest-binary',
    path: inferPath,
    headers: { 'content-type': 'application/octet-stream', [lengthHeader]: String(header.byteLength) },
    body: Buffer.concat([header, data]),
    benignIn: (answer, headers) => answer.readFloatLE(Number(headers.get(lengthHeader)) + 4),
  });
};

/** Predict over REST with named features. */
export const predictTreesJson = (): Question =>
  restQuestion({
    name: 'rest-predict',
    path: `/v1/models/${trees.name}:predict`,
    headers: { 'content-type': 'application/json' },
    body: Buffer.from(JSON.stringify({ features: treesFeatures() })),
    benignIn: (answer) => {
      const { prediction } = JSON.parse(answer.toString()) as {
        readonly prediction: { readonly outputs: { readonly benign: number } };
      };
      return prediction.outputs.benign;
    },
  });
