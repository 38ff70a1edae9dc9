import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Task } from './task.ts';
import { binding, request } from './testing/open-link.ts';
import { UnderWay } from './under-way.ts';
import { Waiting } from './waiting.ts';

const settle = () => undefined;
const task = (dueAt: number): Task => ({
  request: request(),
  binding,
  owner: {},
  bytes: 1,
  dueAt,
  asker: { scored: settle, failed: settle },
  id: 0,
});
const dues = (tasks: readonly Task[]): number[] => tasks.map(({ dueAt }) => dueAt);

/** The next task, or as many shifts, or the taking of each whose number can be divided. */
const step = fc.oneof(
  fc.constant('push' as const),
  fc.record({ shifts: fc.integer({ min: 1, max: 1_500 }) }),
  fc.record({ divisor: fc.integer({ min: 2, max: 9 }) }),
);

test('what waits leaves in the order in which it came, but for what is taken', () => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40 }), (steps) => {
      const waiting = new Waiting();
      let model: Task[] = [];
      const push = (each: Task): void => {
        model.push(each);
        waiting.push(each);
      };
      for (let number = 0; number < 3_000; number += 1) push(task(number));
      for (const [at, each] of steps.entries()) {
        if (each === 'push') push(task(10_000 + at));
        else if ('shifts' in each)
          for (let left = Math.min(each.shifts, model.length); left > 0; left -= 1) {
            assert.equal(waiting.first, model.shift());
            waiting.shift();
          }
        else {
          const belongs = ({ dueAt }: Task): boolean => dueAt % each.divisor === 0;
          assert.deepEqual(dues(waiting.takeIf(belongs)), dues(model.filter(belongs)));
          model = model.filter((one) => !belongs(one));
        }
        assert.deepEqual([waiting.size, waiting.first], [model.length, model[0]]);
      }
    }),
    { numRuns: 50 },
  );
});

test('of what is under way that comes out which is due, whatever came and went before', () => {
  const under = new UnderWay();
  const tasks = [50, 10, 30, 20, 40].map(task);
  for (const each of tasks) under.add(each);
  assert.deepEqual(dues(under.takeDue(10)), []);
  assert.equal(under.take(2), tasks[1]);
  assert.deepEqual(dues(under.takeDue(31)).sort(), [20, 30]);
  under.add(task(5));
  assert.deepEqual(dues(under.takeDue(31)), [5]);
  assert.deepEqual([under.size, under.take(2), dues(under.takeAll()).sort()], [2, undefined, [40, 50]]);
  assert.equal(under.size, 0);
});
