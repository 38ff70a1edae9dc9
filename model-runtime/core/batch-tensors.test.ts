import assert from 'node:assert/strict';
import { test } from 'node:test';
import { joinBytes } from '@sluice/kernel/tensor/bytes-elements';
import { type Datatype, datatypes, factsOf, isDatatype } from '@sluice/kernel/tensor/datatypes';
import { elementCount, type Tensor } from '@sluice/kernel/tensor/tensor';
import fc from 'fast-check';
import { createArena } from './arena.ts';
import { concatTensors, splitTensor } from './batch-tensors.ts';

const bytesElements = (count: number) =>
  fc.array(fc.uint8Array({ maxLength: 6 }), { minLength: count, maxLength: count }).map(joinBytes);
const rawData = (length: number) => fc.uint8Array({ minLength: length, maxLength: length });

/** Parts of one batch: any number of rows each, zero included, of the same shape behind them. */
const partsOf = (datatype: Datatype): fc.Arbitrary<Tensor[]> =>
  fc
    .tuple(fc.array(fc.nat(3), { minLength: 1, maxLength: 6 }), fc.array(fc.nat(3), { maxLength: 2 }))
    .chain(([rows, row]) =>
      fc.tuple(
        ...rows.map((count) => {
          const shape = [count, ...row];
          const { size } = factsOf(datatype);
          const data = size === 0 ? bytesElements(elementCount(shape)) : rawData(elementCount(shape) * size);
          return data.map((bytes): Tensor => ({ name: 'x', datatype, shape, data: bytes }));
        }),
      ),
    );

const rowsIn = (parts: readonly Tensor[]): number[] => parts.map(({ shape }) => shape[0] ?? 0);

for (const datatype of Object.keys(datatypes).filter(isDatatype)) {
  test(`${datatype} tensors come apart as they were put together`, () => {
    fc.assert(
      fc.property(partsOf(datatype), (parts) => {
        const whole = concatTensors(parts, createArena());
        assert.deepEqual(
          whole.shape[0],
          rowsIn(parts).reduce((sum, rows) => sum + rows, 0),
        );
        const apart = splitTensor(whole, rowsIn(parts));
        assert.deepEqual(
          apart.map((part) => ({ ...part, data: Uint8Array.from(part.data) })),
          parts,
        );
      }),
    );
  });
}

test('a lone part whose bytes are not aligned is copied to where they are', () => {
  const arena = createArena();
  for (const [datatype, offset, copied] of [
    ['FP64', 4, true],
    ['FP32', 4, false],
    ['INT16', 1, true],
    ['BYTES', 1, false],
    ['UINT8', 1, false],
  ] as const) {
    const data = new Uint8Array(offset + 8).subarray(offset).fill(7);
    const part: Tensor = { name: 'x', datatype, shape: [8], data };
    const whole = concatTensors([part], arena);
    assert.deepEqual(whole, part);
    assert.equal(whole.data !== data, copied, datatype);
    assert.ok(!copied || whole.data.byteOffset % 8 === 0);
  }
});

test('parts are joined in the memory of the arena', () => {
  const arena = createArena();
  const part: Tensor = { name: 'x', datatype: 'INT8', shape: [2], data: Uint8Array.of(1, 2) };
  concatTensors([part, part], arena);
  arena.reset();
  const { data } = concatTensors([part, part], arena);
  arena.reset();
  assert.equal(arena.take(4).buffer, data.buffer);
});

test('one part is passed on as it is', () => {
  const part: Tensor = { name: 'x', datatype: 'FP32', shape: [1], data: new Uint8Array(4) };
  assert.equal(concatTensors([part], createArena()), part);
});

test('parts are views: nothing is copied when an output is split', () => {
  const whole: Tensor = { name: 'y', datatype: 'INT8', shape: [4], data: Uint8Array.of(1, 2, 3, 4) };
  for (const part of splitTensor(whole, [1, 3])) assert.equal(part.data.buffer, whole.data.buffer);
});

const noBatch: readonly (readonly number[])[] = [[], [3, 1], [0], [2, 4]];

for (const shape of noBatch) {
  test(`an output whose first axis is not the batch's is an error: [${shape}]`, () => {
    const data = new Uint8Array(elementCount(shape));
    const output: Tensor = { name: 'y', datatype: 'INT8', shape, data };
    assert.throws(() => splitTensor(output, [2, 2]), {
      message: `output y has shape [${shape}], expected 4 rows for the batch`,
    });
  });
}

test('an output of BYTES that is truncated is an error', () => {
  const output: Tensor = { name: 'y', datatype: 'BYTES', shape: [2], data: Uint8Array.of(1, 0, 0, 0) };
  assert.throws(() => splitTensor(output, [1, 1]), /output y: element 0 should have 1 bytes/);
});

test('a batch has at least one member', () => {
  assert.throws(() => concatTensors([], createArena()), /at least one member/);
});
