import assert from 'node:assert/strict';
import { waitFor } from '../../support/wait-for.ts';
import type { Plant } from './plant.ts';

const storedMs = 180_000;

/** Waits until the database has every id, and holds that it has none twice. */
export const assertExactlyOnce = async (plant: Plant, acknowledged: ReadonlySet<string>): Promise<void> => {
  let missing = [...acknowledged];
  await waitFor(
    `all of ${acknowledged.size} predictions to be stored`,
    async () => {
      const stored = await plant.stored().catch(() => undefined);
      if (stored === undefined) return false;
      missing = missing.filter((id) => !stored.has(id));
      return missing.length === 0;
    },
    storedMs,
  ).catch((error: unknown) => {
    throw new Error(`${missing.length} are lost, such as ${missing[0]}`, { cause: error });
  });
  const twice = [...(await plant.stored())].filter(([, times]) => times !== 1);
  assert.deepEqual(twice, []);
};
