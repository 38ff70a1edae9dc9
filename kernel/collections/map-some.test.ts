import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { mapSome } from './map-some.ts';

test('results come in the order of the items, and no more are under way than may be', async () => {
  let [underWay, most] = [0, 0];
  const results = await mapSome([5, 1, 4, 2, 3], 2, async (turns) => {
    most = Math.max(most, ++underWay);
    for (let index = 0; index < turns; index += 1) await turn();
    underWay -= 1;
    return turns * 10;
  });
  assert.deepEqual(results, [50, 10, 40, 20, 30]);
  assert.equal(most, 2);
});

test('after a failure no more are begun', async () => {
  const begun: number[] = [];
  const failing = async (item: number): Promise<void> => {
    begun.push(item);
    await turn();
    if (item === 2) throw new Error('no');
  };
  await assert.rejects(mapSome([1, 2, 3, 4, 5, 6], 2, failing), /no/);
  await turn();
  assert.ok(begun.length <= 3, `${begun}`);
});

test('nothing maps to nothing', async () => {
  assert.deepEqual(await mapSome([], 4, async () => 1), []);
});
