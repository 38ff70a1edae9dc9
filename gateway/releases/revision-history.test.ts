import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { listRevisions, revisionPath } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import fc from 'fast-check';
import type { InForce } from '../core/release-view.ts';
import { RevisionHistory } from './revision-history.ts';

const day = (number: number): number => Date.UTC(2026, 0, number);

/** Revisions of those days of January 2026, and how often the store was read. */
const start = async (t: TestContext, days: readonly (number | 'broken')[]) => {
  const { store, put } = await temporaryStore(t);
  for (const [index, each] of days.entries()) {
    const number = index + 1;
    const when = each === 'broken' ? 'never' : new Date(day(each)).toISOString();
    await put(revisionPath(number), JSON.stringify({ revision: number, when }));
  }
  const reads: string[] = [];
  const counting: Store = {
    ...store,
    read: (path) => {
      reads.push(path);
      return store.read(path);
    },
  };
  const history = new RevisionHistory(counting);
  const numbers = await listRevisions(store);
  const at = async (time: number): Promise<InForce> => history.inForceAt(numbers, time);
  return { store, history, numbers, at, reads, put };
};

test('the newest that is not later was in force, and before the first the built-in one', async (t) => {
  const { at } = await start(t, [5, 7, 9]);
  for (const [time, number] of [
    [day(5), 1],
    [day(7) - 1, 1],
    [day(7), 2],
    [day(30), 3],
  ] as const)
    assert.equal((await at(time)).revision.revision, number);
  const { revision, first } = await at(day(4));
  assert.deepEqual([revision.revision, first?.revision], [0, 1]);
});

test('each revision is read once, by however many who look back at the same time', async (t) => {
  const { at, reads, history, numbers } = await start(
    t,
    Array.from({ length: 100 }, (_, index) => index + 1),
  );
  await Promise.all([at(day(90)), at(day(90)), at(day(80))]);
  const once = reads.length;
  assert.ok(once < 100, 'no older ones than needed, but for some that are read ahead');
  assert.equal(new Set(reads).size, once);
  const again = history.inForceAt(numbers, day(95));
  assert.ok(!(again instanceof Promise), 'nothing has to be read');
  assert.equal((await at(0)).revision.revision, 0);
  assert.equal(reads.length, 100);
});

test('one that is invalid was never in force, one that was learned need not be read', async (t) => {
  const { at, history, reads } = await start(t, [5, 'broken', 9, 'broken']);
  assert.equal((await at(day(8))).revision.revision, 1);
  history.learn({
    revision: 4,
    who: '',
    why: '',
    when: new Date(day(10)).toISOString(),
    models: {},
    streams: [],
  });
  assert.equal((await at(day(11))).revision.revision, 4);
  assert.equal(reads.length, 4);
});

test('a store that cannot be read is an error, not another revision, and is read again', async (t) => {
  const { history, put } = await start(t, [5]);
  const lookBack = async () => history.inForceAt([2, 1], day(6));
  await assert.rejects(lookBack(), {
    code: 'RELEASE_UNAVAILABLE',
    message: /^revision 2, which may have been/,
  });
  await put(revisionPath(2), JSON.stringify({ revision: 2, when: new Date(day(6)).toISOString() }));
  assert.equal((await lookBack()).revision.revision, 2);
});

test('as of a later time never an earlier revision is in force, whatever the clocks said', async (t) => {
  const { history } = await start(t, []);
  const days = fc.array(fc.integer({ min: 1, max: 28 }), { maxLength: 12 });
  await fc.assert(
    fc.asyncProperty(days, async (given) => {
      for (const [index, each] of given.entries())
        history.learn({
          revision: index + 1,
          who: '',
          why: '',
          when: new Date(day(each)).toISOString(),
          models: {},
          streams: [],
        });
      const numbers = given.map((_, index) => given.length - index);
      let before = 0;
      for (let time = 0; time <= 29; time += 1) {
        const { revision } = await history.inForceAt(numbers, day(time));
        assert.ok(revision.revision >= before);
        before = revision.revision;
      }
      assert.equal(before, given.length);
    }),
  );
});
