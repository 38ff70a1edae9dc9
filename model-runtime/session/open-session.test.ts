import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfStrings, joinBytes } from '@sluice/kernel/tensor/bytes-elements';
import { type Datatype, datatypes, factsOf, isDatatype } from '@sluice/kernel/tensor/datatypes';
import { bytesOf } from '@sluice/kernel/tensor/numbers';
import { elementCount, type Tensor } from '@sluice/kernel/tensor/tensor';
import { failingModel, identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';
import fc from 'fast-check';
import { openModel } from '../testing/open-model.ts';
import { loadOnnxRuntime } from './onnx-runtime.ts';

const carried = Object.keys(datatypes)
  .filter(isDatatype)
  .filter((datatype) => datatype !== 'BF16');

/** What comes out, with the bytes in an array of their own. */
const plain = (tensors: readonly Tensor[]): Tensor[] =>
  tensors.map((tensor) => ({ ...tensor, shape: [...tensor.shape], data: Uint8Array.from(tensor.data) }));

const rawData = (datatype: Datatype, count: number): fc.Arbitrary<Uint8Array> => {
  if (datatype === 'BOOL') return fc.uint8Array({ minLength: count, maxLength: count, max: 1 });
  const text = fc.string({ unit: 'grapheme', maxLength: 5 }).filter((value) => !value.includes('\0'));
  if (datatype === 'BYTES') return fc.array(text, { minLength: count, maxLength: count }).map(bytesOfStrings);
  const length = count * factsOf(datatype).size;
  return fc.uint8Array({ minLength: length, maxLength: length });
};

const shapes: readonly (readonly number[])[] = [[], [1], [3], [2, 3], [0], [0, 3], [2, 0, 2]];

for (const datatype of carried) {
  test(`${datatype} passes through ONNX Runtime bit by bit, in every shape`, async (t) => {
    for (const shape of shapes) {
      const open = shape.map((_, axis) => `d${axis}`);
      const session = await openModel(t, identityModel([{ datatype, shape: open }]));
      const property = fc.asyncProperty(rawData(datatype, elementCount(shape)), async (data) => {
        const outputs = await session.run([{ name: 'x0', datatype, shape, data }]);
        assert.deepEqual(plain(outputs), [{ name: 'y0', datatype, shape, data }]);
      });
      await fc.assert(property, { numRuns: elementCount(shape) === 0 ? 1 : 20 });
    }
  });
}

test('FP16 keeps every bit pattern, infinities, NaN and what is below the normal numbers too', async (t) => {
  const session = await openModel(t, identityModel([{ datatype: 'FP16', shape: ['N'] }]));
  const all = bytesOf(Uint16Array.from({ length: 65_536 }, (_, bits) => bits));
  const outputs = await session.run([{ name: 'x0', datatype: 'FP16', shape: [65_536], data: all }]);
  assert.deepEqual(plain(outputs)[0]?.data, all);
});

test('FP16 is computed with, not only carried', async (t) => {
  const session = await openModel(
    t,
    onnxModel({
      inputs: [{ name: 'x', datatype: 'FP16', shape: ['N'] }],
      outputs: [{ name: 'y', datatype: 'FP16', shape: ['N'] }],
      nodes: [{ op: 'Add', inputs: ['x', 'x'], outputs: ['y'] }],
    }),
  );
  // 1 and 1.5, twice: 2 and 3.
  const data = bytesOf(Uint16Array.of(0x3c00, 0x3e00));
  const [y] = await session.run([{ name: 'x', datatype: 'FP16', shape: [2], data }]);
  assert.deepEqual(y && Uint8Array.from(y.data), bytesOf(Uint16Array.of(0x4000, 0x4200)));
});

test('the engine has no Float16Array once ONNX Runtime is loaded, and loading twice gives the same', () => {
  const first = loadOnnxRuntime();
  assert.equal(loadOnnxRuntime(), first);
  assert.equal(Reflect.has(globalThis, 'Float16Array'), false);
});

test('raw data that is not aligned in its buffer is computed all the same', async (t) => {
  const session = await openModel(t, identityModel([{ datatype: 'FP64', shape: ['N'] }]));
  const data = new Uint8Array(33).subarray(1).fill(7);
  const outputs = await session.run([{ name: 'x0', datatype: 'FP64', shape: [4], data }]);
  assert.deepEqual(plain(outputs)[0]?.data, Uint8Array.from(data));
});

test('several inputs and outputs of different datatypes keep their names and the order of the graph', async (t) => {
  const specs = carried.map((datatype) => ({ datatype, shape: ['N'] }));
  const session = await openModel(t, identityModel(specs));
  const inputs = carried.map((datatype, index): Tensor => {
    const data =
      datatype === 'BYTES' ? bytesOfStrings(['a', 'ü']) : new Uint8Array(2 * factsOf(datatype).size);
    return { name: `x${index}`, datatype, shape: [2], data };
  });
  const outputs = await session.run([...inputs].reverse());
  assert.deepEqual(
    plain(outputs),
    inputs.map((input, index) => ({ ...input, name: `y${index}`, data: Uint8Array.from(input.data) })),
  );
});

test('a graph that fails while it computes says why, and goes on with the next', async (t) => {
  const session = await openModel(t, failingModel());
  const index = (value: bigint): Tensor => ({
    name: 'index',
    datatype: 'INT64',
    shape: [1],
    data: bytesOf(BigInt64Array.of(value)),
  });
  await assert.rejects(session.run([index(3n)]), /Gather.*(out of|bounds|within)/is);
  const [row] = await session.run([index(2n)]);
  assert.deepEqual(row?.shape, [1, 2]);
});

const wrong: readonly [what: string, input: Tensor, message: RegExp][] = [
  ['NUL in a string', { name: 'x0', datatype: 'BYTES', shape: [1], data: bytesOfStrings(['\0']) }, /NUL/],
  [
    'no UTF-8',
    { name: 'x0', datatype: 'BYTES', shape: [1], data: joinBytes([Uint8Array.of(255)]) },
    /input x0: element 0 is not UTF-8/,
  ],
  ['another datatype', { name: 'x0', datatype: 'FP32', shape: [1], data: new Uint8Array(4) }, /./],
  ['BF16', { name: 'x0', datatype: 'BF16', shape: [1], data: new Uint8Array(2) }, /BF16/],
  ['another name', { name: 'x9', datatype: 'BYTES', shape: [0], data: new Uint8Array() }, /x0/],
];

for (const [what, input, message] of wrong) {
  test(`an input that slipped through the door is an error, not a crash: ${what}`, async (t) => {
    const session = await openModel(t, identityModel([{ datatype: 'BYTES', shape: ['N'] }]));
    await assert.rejects(session.run([input]), message);
  });
}

for (const [what, bytes] of [
  ['nothing', new Uint8Array()],
  ['a truncated file', identityModel([{ datatype: 'FP32', shape: [1] }]).subarray(0, 40)],
  ['text', Buffer.from('hello')],
] as const) {
  test(`what is no graph cannot be opened: ${what}`, async (t) => {
    await assert.rejects(openModel(t, bytes));
  });
}
