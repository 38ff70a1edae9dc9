import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import fc from 'fast-check';
import { testRelease } from '../testing/calls.ts';
import { type TestRuntime, testRuntime } from '../testing/runtimes.ts';
import { Balancer } from './balancer.ts';
import type { Runtime } from './runtime.ts';

const release = testRelease();
const fast = { computeInferUs: 10, batchSize: 1 };

const start = (...runtimes: TestRuntime[]) => {
  let now = 0;
  const ejected: string[] = [];
  const balancer = new Balancer({
    ejectMs: 1_000,
    reentryMs: 10_000,
    now: () => now,
    random: () => 0,
    onEjected: ({ address }, reason, lastsMs) => ejected.push(`${address} ${reason} ${lastsMs}`),
  });
  balancer.update(runtimes);
  const pass = (ms: number): void => {
    now += ms;
  };
  // Long enough for everybody to have the full share.
  pass(100_000);
  const chosen = (without?: Runtime) => balancer.choose(release, without)?.runtime.address;
  const fail = (runtime: Runtime, code: 'INTERNAL' | 'COMPUTE_FAILED' | 'INVALID_INPUT' = 'INTERNAL') => {
    const [candidate] = candidatesOf(runtime);
    if (candidate !== undefined) balancer.failed(candidate, new SluiceError(code, 'no'));
  };
  const answer = (runtime: Runtime) => {
    const [candidate] = candidatesOf(runtime);
    if (candidate !== undefined) balancer.answered(candidate, fast);
  };
  const candidatesOf = (runtime: Runtime) => {
    const others = runtimes.filter((each) => each !== runtime);
    const candidate = others.length === 0 ? balancer.choose(release) : balancer.choose(release, others[0]);
    return candidate?.runtime === runtime ? [candidate] : [];
  };
  return { balancer, ejected, pass, chosen, fail, answer };
};

const two = (): [TestRuntime, TestRuntime] => [testRuntime('a'), testRuntime('b')];

test('a release goes to those that hold it READY with the files of the store, and are available', () => {
  const { chosen } = start(
    testRuntime('a', { held: null }),
    testRuntime('b', { held: { state: 'IN_CELL' } }),
    testRuntime('c', { held: { digest: 'sha256:2' } }),
    testRuntime('d', { available: false }),
    testRuntime('e', { held: { state: 'QUARANTINED' } }),
    testRuntime('cell'),
  );
  assert.equal(chosen(), 'cell');
});

test('what has changed counts from the update on', () => {
  const [a, b] = two();
  a.available = false;
  const { balancer, chosen } = start(a);
  assert.equal(chosen(), undefined);
  a.available = true;
  balancer.update([a]);
  assert.equal(chosen(), 'a');
  balancer.update([b]);
  assert.equal(chosen(), 'b');
});

test('who has less to do by cost gets more, not who has fewer requests', () => {
  const [a, b] = two();
  const { balancer, chosen } = start(a, b);
  const slow = testRelease({ version: '2.0.0' });
  const heavy = balancer.choose(slow);
  assert.equal(heavy?.runtime, a);
  balancer.answered(heavy, { computeInferUs: 8_000, batchSize: 4 });
  assert.equal(heavy.route.costUs, 2_050);
  heavy.standing.begin(heavy.route.costUs);
  for (let request = 0; request < 40; request += 1) {
    const light = balancer.choose(release);
    assert.equal(light?.runtime, b);
    light.standing.begin(light.route.costUs);
  }
  assert.equal(chosen(), 'b', '40 × 50 µs are less than one of 2,050 µs');
  balancer.choose(release)?.standing.begin(50);
  assert.equal(chosen(), 'a');
});

test('the measured cost follows the answers', () => {
  const { balancer } = start(testRuntime('a'));
  const candidate = balancer.choose(release);
  assert.ok(candidate !== undefined);
  assert.equal(candidate.route.costUs, 50);
  balancer.answered(candidate, { computeInferUs: 160, batchSize: 1 });
  assert.equal(candidate.route.costUs, 210);
  balancer.answered(candidate, { computeInferUs: 0, batchSize: 1 });
  assert.equal(candidate.route.costUs, 200);
});

test('five faults in a row eject, while another one answers', () => {
  const [a, b] = two();
  const { ejected, fail, answer, chosen, pass } = start(a, b);
  for (let fault = 0; fault < 10; fault += 1) fail(a);
  assert.deepEqual(ejected, [], 'who knows whether others do better');
  answer(b);
  fail(a);
  assert.deepEqual(ejected, ['a faults 1000']);
  assert.equal(chosen(), 'b');
  pass(999);
  assert.equal(chosen(), 'b');
  pass(1);
  // A tenth of its weight: it is chosen once the other has ten times as much to do.
  assert.equal(chosen(), 'b');
});

test('faults of all, faults of callers and faults with answers between them eject nobody', () => {
  const [a, b] = two();
  const { ejected, fail, answer } = start(a, b);
  for (let round = 0; round < 20; round += 1) {
    fail(a, 'COMPUTE_FAILED');
    fail(b, 'COMPUTE_FAILED');
  }
  for (let round = 0; round < 20; round += 1) {
    answer(a);
    answer(b);
    fail(a, 'INVALID_INPUT');
    fail(a);
  }
  assert.deepEqual(ejected, []);
});

test('a runtime that was lost is ejected when it is back, and one that stopped as it should is not', () => {
  const [a, b] = two();
  const { balancer, ejected } = start(a, b);
  const leaveAndReturn = (runtime: TestRuntime): void => {
    for (const available of [false, true]) {
      runtime.available = available;
      balancer.update([a, b]);
    }
  };
  leaveAndReturn(a);
  assert.deepEqual(ejected, []);
  balancer.lost(a);
  leaveAndReturn(a);
  assert.deepEqual(ejected, ['a lost 1000']);
  balancer.lost(b);
  leaveAndReturn(b);
  assert.deepEqual(ejected, ['a lost 1000'], 'nobody else is in good standing');
});

test('the last one in good standing is never ejected', () => {
  const [a, b] = two();
  const { balancer, ejected, chosen } = start(a, b);
  balancer.eject(a, 'silent');
  balancer.eject(b, 'silent');
  assert.deepEqual(ejected, ['a silent 1000']);
  assert.equal(chosen(), 'b');
});

test('an ejected runtime still serves what no other one holds', () => {
  const a = testRuntime('a');
  const b = testRuntime('b', { held: null });
  const { balancer, chosen } = start(a, b);
  balancer.eject(a, 'silent');
  assert.equal(balancer.isEjected(a), true);
  assert.equal(chosen(), 'a');
  assert.equal(balancer.hasOther(release, a), false);
});

test('for the second time another one is chosen, an ejected one where there is no better', () => {
  const [a, b] = two();
  const { balancer, chosen } = start(a, b);
  assert.equal(chosen(a), 'b');
  assert.equal(balancer.hasOther(release, a), true);
  balancer.eject(b, 'silent');
  assert.equal(chosen(a), 'b');
  assert.equal(balancer.hasOther(release, a), false);
  assert.equal(start(a).chosen(a), undefined);
});

test('whatever is ejected: who serves is chosen, and an ejected one only when all are', () => {
  const state = fc.record({ available: fc.boolean(), held: fc.constantFrom(null, {}), eject: fc.boolean() });
  fc.assert(
    fc.property(fc.array(state, { maxLength: 6 }), (given) => {
      const runtimes = given.map((each, index) => testRuntime(`r${index}`, each));
      const { balancer } = start(...runtimes);
      for (const [index, runtime] of runtimes.entries())
        if (given[index]?.eject) balancer.eject(runtime, 'silent');
      const fit = runtimes.filter((runtime) => runtime.available && runtime.held(release) !== undefined);
      const chosen = balancer.choose(release)?.runtime;
      assert.equal(chosen === undefined, fit.length === 0);
      if (chosen === undefined) return;
      assert.ok(fit.some((runtime) => runtime === chosen));
      assert.equal(balancer.isEjected(chosen) && fit.some((runtime) => !balancer.isEjected(runtime)), false);
    }),
  );
});
