import assert from 'node:assert/strict';
import { test } from 'node:test';
import { applyRevision } from '@sluice/kernel/revision/revisions';
import fc from 'fast-check';
import { startOnDemand } from '../testing/start-on-demand.ts';

const versions = 6;
const room = 3;
const wishes = fc.array(fc.record({ version: fc.integer({ min: 1, max: versions }), waits: fc.boolean() }), {
  minLength: 1,
  maxLength: 20,
});

test('whoever asks for whatever, no more is open than there is room for, and eager ones never leave', async (t) => {
  await fc.assert(
    fc.asyncProperty(wishes, async (asked) => {
      const { holder, store, demand, open, find } = await startOnDemand(t, versions, room);
      await applyRevision(store, { models: { m: { default: '2' } } }, { who: '', why: '' });
      await holder.loadAll([]);
      const pending: Promise<unknown>[] = [];
      let most = 0;
      const forget = holder.onChange(() => {
        most = Math.max(most, open());
      });
      for (const { version, waits } of asked) {
        // Two at once may find the only places taken by what is loading.
        pending.push(demand(version).catch(({ code }) => assert.equal(code, 'RELEASE_UNAVAILABLE')));
        if (waits) await Promise.all(pending);
        assert.equal(find(2).state.kind, 'READY');
      }
      await Promise.all(pending);
      forget();
      assert.ok(most <= room, `${most} were open`);
      const ready = holder.all().filter(({ state }) => state.kind === 'READY');
      assert.equal(ready.length, open());
      await holder[Symbol.asyncDispose]();
    }),
    { numRuns: 20 },
  );
});
