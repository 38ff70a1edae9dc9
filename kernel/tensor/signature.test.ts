import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError, type Violation } from '../errors/sluice-error.ts';
import { checkInputs, checkOutputs, type TensorSignature } from './signature.ts';
import type { Tensor } from './tensor.ts';

const signature: TensorSignature = {
  inputs: [
    { name: 'a', datatype: 'FP32', shape: [-1, 2] },
    { name: 'b', datatype: 'BOOL', shape: [-1] },
  ],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1] },
    { name: 'z', datatype: 'INT64', shape: [-1] },
  ],
  maxBatchSize: 4,
};

const a = (rows: number): Tensor => ({
  name: 'a',
  datatype: 'FP32',
  shape: [rows, 2],
  data: new Uint8Array(rows * 8),
});
const b = (rows: number): Tensor => ({
  name: 'b',
  datatype: 'BOOL',
  shape: [rows],
  data: new Uint8Array(rows),
});

const faultsOf = (check: () => unknown): readonly Violation[] => {
  try {
    check();
    return [];
  } catch (error) {
    assert.ok(error instanceof SluiceError);
    assert.equal(error.code, 'INVALID_INPUT');
    return error.violations;
  }
};

test('inputs come out in the order of the signature, however they came', () => {
  assert.deepEqual(checkInputs(signature, [b(3), a(3)]), [a(3), b(3)]);
});

test('a batch may be empty and as large as the maximum', () => {
  for (const rows of [0, 4]) assert.equal(checkInputs(signature, [a(rows), b(rows)]).length, 2);
});

const bad: readonly [what: string, inputs: readonly Tensor[], faults: readonly [string, string, string][]][] =
  [
    ['an input is missing', [a(1)], [['inputs.b', 'required', 'missing input of BOOL [-1]']]],
    [
      'an unknown input',
      [a(1), b(1), { ...b(1), name: 'c' }],
      [['inputs.c', 'unknown', 'unknown input; the release has a, b']],
    ],
    ['an input came twice', [a(1), b(1), a(1)], [['inputs.a', 'duplicate', 'came twice']]],
    [
      'rows that disagree',
      [a(1), b(2)],
      [['inputs.b.shape', 'shape', 'the batch axis of all inputs must agree: a has 1, b has 2']],
    ],
    [
      'more rows than the maximum',
      [a(5), b(5)],
      [['inputs.a.shape', 'shape', 'batch of 5 is larger than the maximum of 4']],
    ],
    [
      'several faults at once',
      [
        { ...a(1), datatype: 'FP64' },
        { ...a(1), name: 'A' },
      ],
      [
        ['inputs.A', 'unknown', 'unknown input; the release has a, b'],
        ['inputs.a.datatype', 'datatype', 'expected FP32, got FP64'],
        ['inputs.b', 'required', 'missing input of BOOL [-1]'],
      ],
    ],
  ];

for (const [what, inputs, expected] of bad) {
  test(`inputs are refused, each fault with its path: ${what}`, () => {
    const faults = faultsOf(() => checkInputs(signature, inputs));
    assert.deepEqual(
      faults.map(({ path, rule, message }) => [path, rule, message]),
      expected,
    );
  });
}

test('without a batch axis the first dimensions need not agree', () => {
  const fixed: TensorSignature = {
    ...signature,
    inputs: [
      { name: 'a', datatype: 'FP32', shape: [2, 2] },
      { name: 'b', datatype: 'BOOL', shape: [] },
    ],
    maxBatchSize: 0,
  };
  assert.equal(checkInputs(fixed, [a(2), { ...b(1), shape: [] }]).length, 2);
});

test('the message of the error lists every fault', () => {
  assert.throws(() => checkInputs(signature, []), {
    message: 'inputs.a: missing input of FP32 [-1,2]; inputs.b: missing input of BOOL [-1]',
  });
});

test('asking for an output that the release does not have says which there are', () => {
  checkOutputs(signature, []);
  checkOutputs(signature, ['z', 'y']);
  const [fault, ...more] = faultsOf(() => checkOutputs(signature, ['y', 'x']));
  assert.deepEqual(more, []);
  assert.deepEqual(fault, {
    path: 'outputs.x',
    rule: 'unknown',
    message: 'unknown output; the release has y, z',
  });
});
