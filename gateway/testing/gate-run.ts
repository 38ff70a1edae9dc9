import assert from 'node:assert/strict';
import type { Gates } from '../core/admission/gates.ts';
import type { ModelGate } from '../core/admission/model-gate.ts';
import { createWaiters, type TestWaiter } from './waiters.ts';

type Known = TestWaiter & { readonly gate: ModelGate };

/** Plays requests at the gates and holds what must be true against what is. */
export const createRun = (gates: Gates) => {
  const models = ['a', 'b', 'c', 'x'].map((model) => gates.of(model));
  const waiterFor = createWaiters();
  const total = (): number => models.reduce((sum, { refusable }) => sum + refusable, 0);
  const waiting = new Set<Known>();
  const inside = new Set<Known>();
  const settle = (): void => {
    for (const one of waiting) {
      if (one.fate.length === 0) continue;
      waiting.delete(one);
      if (one.fate[0] === 'admitted') inside.add(one);
    }
  };
  const pick = (from: ReadonlySet<Known>, index: number): Known | undefined => [...from][index % from.size];
  const answer = (one: Known, queueMs: number, now: number): void => {
    inside.delete(one);
    one.gate.observe({ queueMs, computeMs: 0, inFlight: one.gate.inFlight, priority: one.priority }, now);
    const next = [...waiting].filter(({ gate }) => gate === one.gate).sort(byTurn)[0];
    one.gate.leave(now);
    const admitted = [...waiting].filter(({ fate }) => fate[0] === 'admitted');
    if (admitted.length > 0) assert.ok(next?.fate[0] === 'admitted', 'the most urgent one comes first');
    settle();
  };
  return {
    limits: () => models.map(({ inFlight, limit }) => Math.max(inFlight, limit)),
    arrive: (model: string, turn: Partial<Known>): void => {
      const one = { ...waiterFor(turn), gate: gates.of(model) };
      if (one.gate.tryEnter(0)) inside.add(one);
      else if (gates.wait(one.gate, one) === undefined) waiting.add(one);
      else assert.ok(one.gate.refusable === 3 || total() === 5, 'nobody is refused while there is room');
      settle();
    },
    answer: (index: number, queueMs: number, now: number): void => {
      const one = pick(inside, index);
      if (one !== undefined) answer(one, queueMs, now);
    },
    abort: (index: number): void => {
      const one = pick(waiting, index);
      if (one === undefined) return;
      assert.equal(one.gate.remove(one), true);
      assert.equal(one.gate.remove(one), false);
      waiting.delete(one);
    },
    check: (before: readonly number[]): void => {
      for (const [index, gate] of models.entries()) {
        assert.equal(gate.inFlight, [...inside].filter((one) => one.gate === gate).length);
        assert.equal(gate.waiting, [...waiting].filter((one) => one.gate === gate).length);
        assert.ok(gate.inFlight <= Math.max(before[index] ?? 0, gate.limit), 'the limit');
        assert.ok(gate.refusable <= 3, 'those who wait for one model');
        if (gate.waiting > 0) assert.ok(gate.inFlight >= gate.limit, 'nobody waits without need');
      }
      assert.ok(total() <= 5, 'those who wait in all');
      for (const one of [...waiting, ...inside]) assert.ok(one.fate.length <= 1);
    },
    finish: (now: number): void => {
      for (let one = pick(inside, 0); one !== undefined; one = pick(inside, 0)) answer(one, 0, now);
      assert.equal(waiting.size, 0, 'nobody is left waiting');
      for (const gate of models) assert.deepEqual([gate.inFlight, gate.waiting], [0, 0]);
    },
  };
};

const byTurn = (a: Known, b: Known): number =>
  a.priority - b.priority || a.dueAt - b.dueAt || a.sequence - b.sequence;
