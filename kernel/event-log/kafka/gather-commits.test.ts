import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gatherCommits } from './gather-commits.ts';

/** Keeps commits as `topic:partition=offset,…`, each until `answers` has the next answer. */
const coordinator = () => {
  const asked: string[] = [];
  const waiting: PromiseWithResolvers<void>[] = [];
  const commit = gatherCommits({
    commitOffsets: ({ topics }) => {
      for (const { topic, partitions } of topics)
        asked.push(
          `${topic}:${partitions.map(({ partition, offset }) => `${partition}=${offset}`).join(',')}`,
        );
      const answer = Promise.withResolvers<void>();
      waiting.push(answer);
      return answer.promise;
    },
  });
  const next = async (): Promise<PromiseWithResolvers<void>> => {
    for (;;) {
      const answer = waiting.shift();
      if (answer !== undefined) return answer;
      await new Promise(setImmediate);
    }
  };
  return { asked, commit, next };
};

test('offsets of a topic that come while it is committed go together, the latest of each partition', async () => {
  const { asked, commit, next } = coordinator();
  const first = commit('t', 0, 5n);
  const answer = await next();
  const later = [commit('t', 1, 3n), commit('t', 0, 7n), commit('t', 0, 9n)];
  assert.deepEqual(asked, ['t:0=5']);
  answer.resolve();
  await first;
  (await next()).resolve();
  await Promise.all(later);
  assert.deepEqual(asked, ['t:0=5', 't:1=3,0=9']);
});

test('topics are committed apart, and a commit that fails hurts none that comes after it', async () => {
  const { asked, commit, next } = coordinator();
  const [one, other] = [commit('a', 0, 1n), commit('b', 0, 1n)];
  const failing = await next();
  const fine = await next();
  const after = commit('a', 0, 2n);
  failing.reject(new Error('not the coordinator'));
  fine.resolve();
  await assert.rejects(one, /not the coordinator/);
  await other;
  (await next()).resolve();
  await after;
  assert.deepEqual(asked, ['a:0=1', 'b:0=1', 'a:0=2']);
});
