import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createRoundRobin, mostCostMs, newShare, quantumMs, type Readiness } from './surplus-round-robin.ts';

interface TestFlow {
  readonly name: string;
  readonly share: ReturnType<typeof newShare>;
  readiness: Readiness;
  servedMs: number;
}

/** Some flows that have something, and serving the next of them. */
const start = (names: readonly string[]) => {
  const turns = createRoundRobin<TestFlow>();
  const flows = names.map(
    (name): TestFlow => ({ name, share: newShare(), readiness: 'runnable', servedMs: 0 }),
  );
  for (const flow of flows) turns.join(flow);
  const serve = (costMs: number | ((flow: TestFlow) => number)): string | undefined => {
    const flow = turns.next(({ readiness }) => readiness);
    if (flow === undefined) return undefined;
    const cost = typeof costMs === 'number' ? costMs : costMs(flow);
    flow.servedMs += cost;
    turns.charge(flow, cost);
    return flow.name;
  };
  return { turns, flows, serve };
};

test('flows whose batches cost the same take turns', () => {
  const { serve } = start(['a', 'b', 'c']);
  const served = Array.from({ length: 6 }, () => serve(quantumMs));
  assert.deepEqual(served, ['a', 'b', 'c', 'a', 'b', 'c']);
});

test('a flow with cheap batches has several of them in its turn', () => {
  const { serve } = start(['cheap', 'dear']);
  const cost = ({ name }: TestFlow) => (name === 'cheap' ? quantumMs / 4 : quantumMs);
  const served = Array.from({ length: 10 }, () => serve(cost));
  assert.deepEqual(served.map((name) => name?.[0]).join(''), 'ccccdccccd');
});

test('of flows that always have something, neither gets more than a quantum and a batch ahead of another', () => {
  const costs = fc.array(fc.double({ min: 0.002, max: 20, noNaN: true }), { minLength: 50, maxLength: 200 });
  fc.assert(
    fc.property(costs, fc.integer({ min: 2, max: 5 }), (series, count) => {
      const { flows, serve } = start(Array.from({ length: count }, (_, index) => String(index)));
      let dearest = 0;
      for (const cost of series) {
        serve(cost);
        dearest = Math.max(dearest, cost);
        const times = flows.map(({ servedMs }) => servedMs);
        assert.ok(Math.max(...times) - Math.min(...times) <= quantumMs + dearest + 1e-6);
      }
    }),
  );
});

test('a flow that is alone is served at once, however much it owes', () => {
  const { serve } = start(['a']);
  for (let batch = 0; batch < 3; batch += 1) assert.equal(serve(1e9), 'a');
});

test('a flow that waits is passed over, and one that is empty leaves', () => {
  const { turns, flows, serve } = start(['a', 'b']);
  const [a, b] = flows;
  assert.ok(a !== undefined && b !== undefined);
  a.readiness = 'waiting';
  assert.equal(serve(1), 'b');
  b.readiness = 'empty';
  assert.equal(serve(1), undefined);
  assert.deepEqual([...turns], [a]);
  a.readiness = 'runnable';
  assert.equal(serve(1), 'a');
});

test('what a flow owes is not forgotten by being away for a moment', () => {
  const { turns, flows, serve } = start(['greedy', 'other']);
  const [greedy, other] = flows;
  assert.ok(greedy !== undefined && other !== undefined);
  assert.equal(serve(10), 'greedy');
  greedy.readiness = 'empty';
  assert.equal(serve(1), 'other');
  greedy.readiness = 'runnable';
  turns.join(greedy);
  for (let batch = 0; batch < 8; batch += 1) assert.equal(serve(1), 'other');
  while (serve(1) === 'other') assert.ok(other.servedMs < 12);
  assert.equal(greedy.servedMs, 11);
});

test('being away long enough pays what is owed, and earns nothing', () => {
  const { turns, flows, serve } = start(['a', 'b']);
  const [a, b] = flows;
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(serve(5), 'a');
  a.readiness = 'empty';
  for (let batch = 0; batch < 100; batch += 1) assert.equal(serve(quantumMs), 'b');
  a.readiness = 'runnable';
  turns.join(a);
  const served = Array.from({ length: 6 }, () => serve(quantumMs)).join('');
  assert.match(served, /^b?(ab)+a?$/);
});

test('what is owed is paid, too, by one long batch of another', () => {
  const { turns, flows, serve } = start(['a', 'b']);
  const [a, b] = flows;
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(serve(100), 'a');
  a.readiness = 'empty';
  assert.equal(serve(200), 'b');
  assert.equal(serve(quantumMs), 'b');
  a.readiness = 'runnable';
  turns.join(a);
  assert.deepEqual(new Set([serve(quantumMs), serve(quantumMs)]), new Set(['a', 'b']));
});

test('when nobody has anything, what is owed is forgotten', () => {
  const { turns, flows, serve } = start(['a', 'b']);
  const [a, b] = flows;
  assert.ok(a !== undefined && b !== undefined);
  assert.equal(serve(1_000), 'a');
  for (const flow of flows) flow.readiness = 'empty';
  assert.equal(serve(1), undefined);
  assert.equal(turns.size, 0);
  for (const flow of flows) {
    flow.readiness = 'runnable';
    turns.join(flow);
  }
  assert.equal(serve(1), 'a');
});

test('a clock that stands still starves nobody', () => {
  const { serve } = start(['a', 'b']);
  const served = new Set(Array.from({ length: 1_000 }, () => serve(0)));
  assert.deepEqual(served, new Set(['a', 'b']));
});

test('a batch that took an hour, since the process was stopped, is not held against its release for an hour', () => {
  const { serve } = start(['stopped', 'other']);
  assert.equal(serve(3_600_000), 'stopped');
  let batches = 0;
  while (serve(1) === 'other') batches += 1;
  assert.ok(batches <= mostCostMs);
});
