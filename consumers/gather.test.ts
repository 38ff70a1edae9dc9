import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gather } from './gather.ts';

const from = async function* (...batches: readonly number[][]): AsyncGenerator<readonly number[]> {
  yield* batches;
};

const longMs = 60_000;

test('small batches that are there become one', async () => {
  const gathered = await Array.fromAsync(
    gather(from([1], [2, 3], [4]), { maxMessages: 10, lingerMs: longMs }),
  );
  assert.deepEqual(gathered, [[1, 2, 3, 4]]);
});

test('no batch is larger than it may be, and nothing is lost', async () => {
  const gathered = await Array.fromAsync(
    gather(from([1, 2, 3, 4, 5], [6], [7]), { maxMessages: 2, lingerMs: longMs }),
  );
  assert.deepEqual(gathered.flat(), [1, 2, 3, 4, 5, 6, 7]);
  assert.ok(gathered.every(({ length }) => length <= 2));
});

test('what is there is given out when nothing more comes in time', async () => {
  const { promise, resolve } = Promise.withResolvers<void>();
  const slow = async function* (): AsyncGenerator<readonly number[]> {
    yield [1];
    await promise;
    yield [2];
  };
  const batches = gather(slow(), { maxMessages: 10, lingerMs: 1 });
  assert.deepEqual((await batches.next()).value, [1]);
  resolve();
  assert.deepEqual((await batches.next()).value, [2]);
  assert.equal((await batches.next()).done, true);
});

test('an error of the source is that of the result', async () => {
  const broken = async function* (): AsyncGenerator<readonly number[]> {
    yield [1];
    throw new Error('broken');
  };
  const batches = gather(broken(), { maxMessages: 1, lingerMs: 1 });
  assert.deepEqual((await batches.next()).value, [1]);
  await assert.rejects(batches.next(), /broken/);
});
