import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createArena } from './arena.ts';

test('everything taken for one batch lies apart from the rest, aligned for numbers of 8 bytes', () => {
  const sizes = fc.array(fc.nat(3_000), { maxLength: 20 });
  fc.assert(
    fc.property(fc.array(sizes, { maxLength: 6 }), (batches) => {
      const arena = createArena(4_096);
      for (const batch of batches) {
        arena.reset();
        const taken = batch.map((bytes, index) => arena.take(bytes).fill(index));
        for (const [index, part] of taken.entries()) {
          assert.deepEqual([part.byteLength, part.byteOffset % 8], [batch[index], 0]);
          assert.ok(part.every((value) => value === index));
        }
        assert.ok(arena.capacity <= 4_096);
      }
    }),
  );
});

test('memory is used again, and grows when a batch did not fit', () => {
  const arena = createArena(1024 * 1024);
  const bufferOf = (bytes: number) => {
    arena.reset();
    return arena.take(bytes).buffer;
  };
  bufferOf(1_000);
  const first = bufferOf(1_000);
  assert.equal(bufferOf(60_000), first);
  bufferOf(200_000);
  assert.notEqual(bufferOf(200_000), first);
  assert.equal(arena.capacity, 256 * 1024);
});

test('what is larger than the bound gets memory of its own, which is not kept', () => {
  const arena = createArena(64 * 1024);
  for (let batch = 0; batch < 3; batch += 1) {
    arena.reset();
    assert.equal(arena.take(1_000_000).byteLength, 1_000_000);
    assert.ok(arena.capacity <= 64 * 1024);
  }
});
