import { test } from 'node:test';
import fc from 'fast-check';
import { temporaryLog } from '../testing/embedded-log.ts';
import { operation, Trial } from '../testing/model-trial.ts';

test('whatever two who have it open do, the log holds what arrays in memory would', {
  timeout: 120_000,
}, async (t) => {
  const { log, again, folder } = await temporaryLog(t);
  const logs = [log, await again()];
  await fc.assert(
    fc.asyncProperty(fc.array(operation, { minLength: 5, maxLength: 25 }), async (operations) => {
      const trial = new Trial(logs, folder);
      await trial.begin();
      for (const each of operations) await trial.step(each);
    }),
    { numRuns: 60 },
  );
});
