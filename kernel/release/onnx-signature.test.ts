import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { datatypes, isDatatype } from '../tensor/datatypes.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { readSignature } from './onnx-signature.ts';

test('names, datatypes and shapes come out of the file, open dimensions as -1', () => {
  const { inputs, outputs } = readSignature(
    identityModel([
      { datatype: 'FP32', shape: ['N', 3] },
      { datatype: 'BYTES', shape: [] },
      { datatype: 'FP16', shape: [2, 'rows', 4] },
    ]),
  );
  assert.deepEqual(inputs, [
    { name: 'x0', datatype: 'FP32', shape: [-1, 3] },
    { name: 'x1', datatype: 'BYTES', shape: [] },
    { name: 'x2', datatype: 'FP16', shape: [2, -1, 4] },
  ]);
  assert.deepEqual(
    outputs.map(({ name }) => name),
    ['y0', 'y1', 'y2'],
  );
});

test('every datatype but BF16 can be served', () => {
  for (const datatype of Object.keys(datatypes).filter(isDatatype)) {
    const bytes = identityModel([{ datatype, shape: [1] }]);
    if (datatype === 'BF16') assert.throws(() => readSignature(bytes), /x0 is BF16, which/);
    else assert.equal(readSignature(bytes).inputs[0]?.datatype, datatype);
  }
});

test('a dimension of 0 counts as an open one', () => {
  const { inputs } = readSignature(identityModel([{ datatype: 'FP32', shape: [0, 2] }]));
  assert.deepEqual(inputs[0]?.shape, [-1, 2]);
});

const outcomeOf = (bytes: Uint8Array) => {
  try {
    return readSignature(bytes);
  } catch (error) {
    return error;
  }
};
const assertSound = (bytes: Uint8Array): void => {
  const outcome = outcomeOf(bytes);
  if (outcome instanceof Error) {
    assert.match(outcome.name, /^(Sluice)?Error$/, outcome.stack);
    return;
  }
  const { inputs, outputs } = outcome as ReturnType<typeof readSignature>;
  for (const { name, shape } of [...inputs, ...outputs]) {
    assert.equal(typeof name, 'string');
    assert.ok(shape.every((size) => size === -1 || size > 0));
  }
};

const model = identityModel([{ datatype: 'FP32', shape: ['N', 3] }]);

test('a truncated file is refused, and none of its beginnings is a crash', () => {
  const refused = /is not an ONNX model/;
  assert.throws(() => readSignature(model.subarray(0, model.length - 1)), refused);
  assert.throws(() => readSignature(new Uint8Array()), refused);
  for (let length = 0; length < model.length; length += 1) assertSound(model.subarray(0, length));
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  // One wrong byte in a good file gets deeper than noise.
  fc.tuple(fc.nat(model.length - 1), fc.nat(255)).map(([at, value]) => model.with(at, value)),
);

test('any bytes give a signature with names or an error with a message', () => {
  fc.assert(fc.property(bytes, assertSound), { numRuns: 3000 });
});
