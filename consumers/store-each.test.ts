import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { storeEach } from './store-each.ts';

const batch = Array.from({ length: 20 }, (_, index) => index);

const storing = (refused: readonly number[]) => {
  const stored: number[] = [];
  return {
    stored,
    store: async (part: readonly number[]): Promise<void> => {
      const bad = part.find((item) => refused.includes(item));
      if (bad !== undefined) throw new SluiceError('INVALID_INPUT', `not ${bad}`);
      stored.push(...part);
    },
  };
};

test('what can never be stored is found, and everything else is stored once', async () => {
  const { stored, store } = storing([3, 4, 19]);
  const unstorable = await storeEach(batch, store);
  assert.deepEqual(
    unstorable.map(({ item, error }) => [item, error.message]),
    [
      [3, 'not 3'],
      [4, 'not 4'],
      [19, 'not 19'],
    ],
  );
  assert.deepEqual(
    stored,
    batch.filter((item) => ![3, 4, 19].includes(item)),
  );
});

for (const error of [new SluiceError('DATABASE_UNAVAILABLE', 'away'), new TypeError('a fault of ours')])
  test(`${error.name} '${error.message}' gives up nothing`, async () => {
    let calls = 0;
    const store = async (): Promise<void> => {
      calls += 1;
      throw error;
    };
    await assert.rejects(storeEach(batch, store), error);
    assert.equal(calls, 1);
  });
