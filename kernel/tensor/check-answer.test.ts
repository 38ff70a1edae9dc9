import assert from 'node:assert/strict';
import { test } from 'node:test';
import { checkAnswer } from './check-answer.ts';
import type { TensorSignature } from './signature.ts';
import type { Tensor } from './tensor.ts';

const signature: TensorSignature = {
  inputs: [],
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [-1, 1] },
    { name: 'word', datatype: 'BYTES', shape: [-1] },
  ],
  maxBatchSize: 8,
};
const y: Tensor = { name: 'y', datatype: 'FP32', shape: [1, 1], data: new Uint8Array(4) };
const word: Tensor = { name: 'word', datatype: 'BYTES', shape: [1], data: Uint8Array.of(1, 0, 0, 0, 97) };

const faultsOf = (names: readonly string[], came: readonly Tensor[], rows = 1): string[] => {
  const checked = checkAnswer(signature, names, rows, came);
  return 'faults' in checked ? checked.faults.map(({ path, message }) => `${path}: ${message}`) : [];
};

test('outputs come out in the order of the asking, without what was not asked for', () => {
  assert.deepEqual(checkAnswer(signature, ['word', 'y'], 1, [y, word]), { value: [word, y] });
  assert.deepEqual(checkAnswer(signature, ['y'], 1, [y, word]), { value: [y] });
});

test('every fault is told', () => {
  assert.deepEqual(faultsOf(['y', 'word'], [{ ...y, shape: [2, 1] }]), [
    'outputs.y.data: FP32 of shape [2,1] needs 8 bytes, 4 came',
    'outputs.word: missing output of BYTES [-1]',
  ]);
  assert.deepEqual(faultsOf(['y'], [y], 2), ['outputs.y.shape: expected 2 rows, got 1']);
  assert.deepEqual(faultsOf(['word'], [{ ...word, data: word.data.subarray(0, 4) }]), [
    'outputs.word.data: BYTES data is truncated: element 0 should have 1 bytes, 0 are left',
  ]);
});

test('without a batch axis rows do not count', () => {
  const unbatched = { ...signature, maxBatchSize: 0 };
  assert.deepEqual(checkAnswer(unbatched, ['y'], 5, [y]), { value: [y] });
});
