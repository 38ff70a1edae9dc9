import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { answerOf } from '../testing/jobs.ts';
import { simulateRelease } from '../testing/simulated-release.ts';
import { flood, simulate } from '../testing/simulations.ts';
import { virtualClock } from '../testing/virtual-clock.ts';
import { createScheduler } from './scheduler.ts';
import { newShare, quantumMs } from './surplus-round-robin.ts';

test('two releases that always have something get the same time, but for a quantum and a batch', async () => {
  const cost = fc.double({ min: 0.02, max: 10, noNaN: true });
  const property = fc.asyncProperty(cost, cost, async (one, other) => {
    const { clock, releases } = simulate([flood(400, one), flood(400, other)]);
    await clock.run();
    const all = releases.flatMap(({ batches }, index) =>
      batches.map(({ startedAt, costMs }, batch) => ({ startedAt, costMs, index, isLast: batch === 49 })),
    );
    const served = [0, 0];
    for (const { costMs, index, isLast } of all.sort((a, b) => a.startedAt - b.startedAt)) {
      served[index] = (served[index] ?? 0) + costMs;
      const [first = 0, second = 0] = served;
      assert.ok(Math.abs(first - second) <= quantumMs + Math.max(one, other) + 1e-6);
      if (isLast) break;
    }
  });
  await fc.assert(property, { numRuns: 50 });
});

test('a flood for one release does not delay a request for another by more than a turn', async () => {
  const { clock, releases } = simulate([flood(800, 2), flood(1, 1, 50)]);
  await clock.run();
  const [batch] = releases[1]?.batches ?? [];
  assert.ok((batch?.startedAt ?? 0) <= 50 + 2 + quantumMs + 2);
});

test('a queue full of late requests is emptied without computing', async () => {
  const [requests, options] = flood(500, 1);
  const late = requests.map((request) => ({ ...request, deadlineInMs: 0 }));
  const { clock, releases } = simulate([[late, options]]);
  await clock.run();
  assert.deepEqual(releases[0]?.batches, []);
  assert.ok(releases[0].asked.every((each) => answerOf(each) === 'DEADLINE_EXCEEDED'));
});

test('what throws in a turn is told, and the others are served', async () => {
  const clock = virtualClock();
  const faults: unknown[] = [];
  const scheduler = createScheduler({ clock, fault: (thrown) => faults.push(thrown) });
  const [requests, options] = flood(1, 1);
  let due = 0;
  scheduler.wake({
    share: newShare(),
    dueAt: () => due,
    serve: async () => {
      due = Number.POSITIVE_INFINITY;
      throw new Error('no');
    },
  });
  const { asked } = simulateRelease(requests, { ...options, scheduler, clock });
  await clock.run();
  assert.deepEqual(faults.map(String), ['Error: no']);
  assert.deepEqual(asked.map(answerOf), [[0]]);
});

test('a loop that ended, since not even a fault could be told, begins again with the next request', async () => {
  const clock = virtualClock();
  const faults: unknown[] = [];
  const fault = (thrown: unknown): void => {
    faults.push(thrown);
    if (faults.length === 1) throw new Error('the log is gone');
  };
  const scheduler = createScheduler({ clock, fault });
  let due = 0;
  scheduler.wake({
    share: newShare(),
    dueAt: () => due,
    serve: async () => {
      due = Number.POSITIVE_INFINITY;
      throw new Error('no');
    },
  });
  const [requests, options] = flood(1, 1, 5);
  const { asked } = simulateRelease(requests, { ...options, scheduler, clock });
  await clock.run();
  assert.deepEqual(faults.map(String), ['Error: no', 'Error: the log is gone']);
  assert.deepEqual(asked.map(answerOf), [[0]]);
});
