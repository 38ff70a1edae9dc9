import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRun } from '../../testing/gate-run.ts';
import { createWaiters } from '../../testing/waiters.ts';
import { Gates } from './gates.ts';
import type { ModelGate } from './model-gate.ts';

const open = (more: { max?: number; maxWaiting?: number; maxWaitingTotal?: number } = {}) => {
  const { max = 1, maxWaiting = 2, maxWaitingTotal = 3 } = more;
  const state = {
    models: new Map([
      ['a', 1],
      ['b', 1],
      ['c', 1],
    ]),
    now: 0,
  };
  const gates = new Gates({
    limit: { targetMs: 5, max },
    maxWaiting,
    maxWaitingTotal,
    models: () => state.models,
    now: () => state.now,
  });
  return { gates, state, waiterFor: createWaiters() };
};

const fill = (gate: ModelGate): void => {
  while (gate.tryEnter(0));
};

test('one model that is full leaves the others alone', () => {
  const { gates } = open();
  fill(gates.of('a'));
  assert.equal(gates.of('a').tryEnter(0), false);
  assert.equal(gates.of('b').tryEnter(0), true);
});

test('names that no model has share one gate, which is no label', () => {
  const { gates } = open();
  assert.equal(gates.of('x'), gates.of('y'));
  assert.notEqual(gates.of('a'), gates.of('x'));
  assert.deepEqual(
    [...gates.all()].map(([model]) => model),
    ['a'],
  );
});

test('the gate of a model that is gone goes when nobody stands there any more', () => {
  const { gates, state } = open();
  const gate = gates.of('a');
  fill(gate);
  gates.of('b');
  state.models = new Map([['c', 1]]);
  gates.of('c');
  assert.deepEqual(
    [...gates.all()].map(([model]) => model),
    ['a', 'c'],
  );
  gate.leave(0);
  state.models = new Map([['c', 1]]);
  gates.of('c');
  assert.deepEqual(
    [...gates.all()].map(([model]) => model),
    ['c'],
  );
});

test('when as many wait as may, the less urgent one is refused, be it the newcomer or not', () => {
  const { gates, waiterFor } = open();
  const gate = gates.of('a');
  fill(gate);
  const [first, second] = [waiterFor({}), waiterFor({})];
  const [less, more] = [waiterFor({ priority: 101 }), waiterFor({ priority: 99 })];
  for (const waiter of [first, second]) assert.equal(gates.wait(gate, waiter), undefined);
  assert.equal(gates.wait(gate, less), 'full');
  assert.equal(gates.wait(gate, waiterFor({ priority: 100 })), 'full');
  assert.equal(gates.wait(gate, more), undefined);
  assert.deepEqual(second.fate, ['displaced']);
  gate.leave(0);
  assert.deepEqual([more.fate, first.fate], [['admitted'], []]);
});

test('items of streams wait beyond the bound, in the same order, and displace nobody', () => {
  const { gates, waiterFor } = open();
  const gate = gates.of('a');
  fill(gate);
  const callers = [waiterFor({ priority: 100 }), waiterFor({ priority: 102 })];
  const items = Array.from({ length: 10 }, () => waiterFor({ priority: 101, isStreamed: true }));
  for (const waiter of [...callers, ...items]) assert.equal(gates.wait(gate, waiter), undefined);
  assert.deepEqual([gate.waiting, gate.refusable], [12, 2]);
  for (let left = 0; left < 11; left += 1) gate.leave(0);
  assert.deepEqual(
    [...callers, ...items].map(({ fate }) => fate.length),
    [1, 0, ...items.map(() => 1)],
  );
});

test('when as many wait in total as may, the longest line gives way to a model for which fewer wait', () => {
  const { gates, waiterFor } = open({ maxWaiting: 3 });
  const [a, b] = [gates.of('a'), gates.of('b')];
  fill(a);
  fill(b);
  const first = [1, 2, 3].map(() => waiterFor({}));
  for (const waiter of first) assert.equal(gates.wait(a, waiter), undefined);
  assert.equal(gates.wait(b, waiterFor({ priority: 101 })), 'full', 'less urgent than the one that would go');
  assert.equal(gates.wait(b, waiterFor({})), undefined);
  assert.deepEqual(
    first.map(({ fate }) => fate),
    [[], [], ['displaced']],
  );
  assert.deepEqual([a.refusable, b.refusable], [2, 1]);
});

/** A gate with four below admission and one answer in ten milliseconds, at 100. */
const busy = () => {
  const opened = open({ max: 4, maxWaiting: 100, maxWaitingTotal: 100 });
  const gate = opened.gates.of('a');
  fill(gate);
  return {
    ...opened,
    gate,
    measure: (): void => {
      for (let at = 0; at <= 100; at += 10)
        gate.observe({ queueMs: 0, computeMs: 1, inFlight: 4, priority: 100 }, at);
      opened.state.now = 100;
    },
  };
};

test('what cannot be answered before its deadline, by the measured rate, is refused at once', () => {
  const { gates, gate, waiterFor, measure } = busy();
  assert.equal(gates.wait(gate, waiterFor({ dueAt: 120 })), undefined, 'the rate is not known yet');
  measure();
  assert.equal(gate.retryAfterMs, 10);
  assert.equal(gates.wait(gate, waiterFor({ dueAt: 150 })), 'late');
  assert.equal(gates.wait(gate, waiterFor({ dueAt: 150, isStreamed: true })), undefined);
  assert.equal(
    gates.wait(gate, waiterFor({ dueAt: 150, priority: 1 })),
    undefined,
    'nobody in line is ahead',
  );
  assert.equal(gates.wait(gate, waiterFor({ dueAt: 200 })), undefined);
});

test('who has waited too long to be answered in time is not admitted any more, unless it came over a stream', () => {
  const { gates, gate, state, waiterFor, measure } = busy();
  const late = [waiterFor({ dueAt: 120 }), waiterFor({ dueAt: 120, isStreamed: true })] as const;
  const fair = waiterFor({ dueAt: 1_000 });
  for (const waiter of [...late, fair]) assert.equal(gates.wait(gate, waiter), undefined);
  measure();
  gate.leave(state.now);
  assert.deepEqual([late[0].fate, late[1].fate, fair.fate], [['late'], ['admitted'], []]);
  gate.leave(state.now);
  assert.deepEqual(fair.fate, ['admitted']);
});

const action = fc.oneof(
  {
    weight: 3,
    arbitrary: fc.record({
      kind: fc.constant('arrive' as const),
      model: fc.constantFrom('a', 'b', 'c', 'x'),
      priority: fc.integer({ min: 1, max: 3 }),
      dueAt: fc.integer({ min: 1e9, max: 1e9 + 5 }),
      isStreamed: fc.boolean(),
    }),
  },
  {
    weight: 2,
    arbitrary: fc.record({
      kind: fc.constant('answer' as const),
      index: fc.nat(),
      queueMs: fc.constantFrom(0, 1, 50),
    }),
  },
  { weight: 1, arbitrary: fc.record({ kind: fc.constant('abort' as const), index: fc.nat() }) },
);

test('whatever happens: bounds hold, nobody is lost or admitted twice, and all is free in the end', () => {
  fc.assert(
    fc.property(fc.array(action, { maxLength: 120, size: 'max' }), (actions) => {
      const { gates, state } = open({ max: 2, maxWaiting: 3, maxWaitingTotal: 5 });
      const run = createRun(gates);
      for (const step of actions) {
        state.now += 20;
        const before = run.limits();
        if (step.kind === 'arrive') run.arrive(step.model, step);
        else if (step.kind === 'answer') run.answer(step.index, step.queueMs, state.now);
        else run.abort(step.index);
        run.check(before);
      }
      run.finish(state.now);
    }),
    { numRuns: 300 },
  );
});
