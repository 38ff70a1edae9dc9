import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { forEachSome } from './for-each-some.ts';

async function* upTo(count: number, ended: () => void = () => undefined): AsyncGenerator<number> {
  try {
    for (let item = 0; item < count; item += 1) yield item;
  } finally {
    ended();
  }
}

test('every item is taken once, and no more are under way than may be', async () => {
  const taken: number[] = [];
  let [underWay, most] = [0, 0];
  await forEachSome(upTo(20), 3, async (item) => {
    most = Math.max(most, ++underWay);
    await turn();
    taken.push(item);
    underWay -= 1;
  });
  assert.deepEqual(
    taken.toSorted((a, b) => a - b),
    Array.from({ length: 20 }, (_, index) => index),
  );
  assert.equal(most, 3);
});

test('a failure is thrown when all that were under way have ended, and their source too', async () => {
  let [underWay, ended] = [0, false];
  const failing = async (item: number): Promise<void> => {
    underWay += 1;
    await turn();
    underWay -= 1;
    if (item === 4) throw new Error('no');
  };
  const source = upTo(1_000_000, () => {
    ended = true;
  });
  await assert.rejects(forEachSome(source, 3, failing), /no/);
  assert.deepEqual([underWay, ended], [0, true]);
});
