import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '../tensor/tensor.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { readGolden } from './read-golden.ts';
import { readRelease } from './read-release.ts';
import { compileGolden } from './run-golden.ts';

const manifest = `
apiVersion: sluice/v1
model: m
version: "1"
features:
  - { name: a, type: number, required: true, tensor: x0, column: 0 }
  - { name: b, type: number, derived: a * 2, tensor: x0, column: 1 }
outputs: { y: { tensor: y0, column: 1 } }
rules:
  - { when: a < 0, code: NEGATIVE, message: "\${a}" }
  - { when: outputs.y > 100, code: TOO_MUCH, message: too much, on: output }
`;

/** Runs one line against a graph that answers what it is asked. */
const run = async (t: Parameters<typeof temporaryStore>[0], line: object): Promise<number> => {
  const { store, put } = await temporaryStore(t);
  await put('m/1/model.onnx', identityModel([{ datatype: 'FP32', shape: ['N', 2] }]));
  await put('m/1/sluice.yaml', manifest);
  await put('m/1/golden.jsonl', JSON.stringify({ name: 'c', ...line }));
  const release = await readRelease(store, 'm', '1');
  let runs = 0;
  for (const golden of await readGolden(store, 'm/1'))
    await compileGolden(release)(golden, async (inputs) => {
      runs += 1;
      return inputs.map((input): Tensor => ({ ...input, name: 'y0' }));
    });
  return runs;
};

const right: readonly [name: string, line: object, runs: number][] = [
  ['outputs of a derived feature', { features: { a: 2 }, derived: { b: 4 }, outputs: { y: 4 } }, 1],
  ['a refusal before the model, which is not computed', { features: { a: -1 }, refusal: 'NEGATIVE' }, 0],
  ['a refusal after it', { features: { a: 51 }, refusal: 'TOO_MUCH' }, 1],
];
for (const [name, line, runs] of right)
  test(`a golden case comes out as it says: ${name}`, async (t) => assert.equal(await run(t, line), runs));

const tensor = (data: readonly number[]) => [{ name: 'x0', datatype: 'FP32', shape: [1, 2], data }];
const wrong: readonly [name: string, line: object, message: string][] = [
  ['answered', { features: { a: 1 }, refusal: 'NEGATIVE' }, 'expected the refusal NEGATIVE, it was answered'],
  [
    'another refusal',
    { features: { a: 51 }, refusal: 'NEGATIVE' },
    'expected NEGATIVE, it was refused: TOO_MUCH: too much',
  ],
  ['refused', { features: { a: -1 }, outputs: { y: 1 } }, 'expected an answer, it was refused: NEGATIVE: -1'],
  ['another derived feature', { features: { a: 1 }, derived: { b: 3 }, outputs: {} }, 'b: expected 3, got 2'],
  [
    'refused tensors',
    { inputs: tensor([-1, 0]), outputs: [] },
    'expected an answer, it was refused: NEGATIVE: -1',
  ],
];
for (const [name, line, message] of wrong)
  test(`a golden case that comes out otherwise: ${name}`, async (t) => {
    await assert.rejects(run(t, line), { message: `golden case 'c': ${message}` });
  });
