import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { computed, encodedCall } from '../testing/calls.ts';
import { dispatchWorld, slowRuntime } from '../testing/dispatch-world.ts';
import { testRuntime } from '../testing/runtimes.ts';

const call = encodedCall();

test('a runtime that owes answers for too long is ejected, and what it has goes to another one', async () => {
  const [silent, other] = [slowRuntime('a'), testRuntime('b')];
  const { handle, ejected, look } = dispatchWorld([silent, other]);
  const answered = handle(call);
  silent.silentSince = 0;
  look(3);
  assert.deepEqual(ejected, []);
  look();
  assert.deepEqual(ejected, ['a silent']);
  assert.deepEqual(await answered, computed());
  assert.deepEqual([silent.asked.length, other.asked.length], [1, 1]);
});

test('it stays out for as long as it is silent, and comes back when it has answered', () => {
  const [silent, other] = [slowRuntime('a'), testRuntime('b')];
  const { balancer, ejected, look } = dispatchWorld([silent, other]);
  silent.silentSince = 0;
  look(40);
  assert.equal(balancer.isEjected(silent), true);
  silent.silentSince = undefined;
  look(4);
  assert.equal(balancer.isEjected(silent), false);
  assert.deepEqual(ejected, ['a silent']);
});

test('what nobody else can do stays with the silent runtime', async () => {
  const silent = slowRuntime('a');
  const { handle, look } = dispatchWorld([silent, testRuntime('b', { held: null })]);
  const answered = handle(call);
  silent.silentSince = 0;
  look(8);
  silent.waiting[0]?.resolve(computed(0.25));
  assert.deepEqual(await answered, computed(0.25));
});

test('the only runtime is not ejected, however silent it is', () => {
  const silent = slowRuntime('a');
  const { ejected, look } = dispatchWorld([silent]);
  silent.silentSince = 0;
  look(8);
  assert.deepEqual(ejected, []);
});

test('no more is taken back than the budget has', async () => {
  const [silent, other] = [slowRuntime('a'), testRuntime('b')];
  const { handle, look } = dispatchWorld([silent, other], 2);
  const answers = Array.from({ length: 4 }, () => handle(call));
  const mine = silent.asked.length;
  silent.silentSince = 0;
  look(8);
  await turn();
  assert.equal(other.asked.length, 4 - mine + Math.min(2, mine));
  for (const each of silent.waiting) each.resolve(computed());
  await Promise.all(answers);
});

test('after this process itself stood still nobody is blamed', () => {
  const [silent, other] = [slowRuntime('a'), testRuntime('b')];
  const { ejected, look, standStill } = dispatchWorld([silent, other]);
  silent.silentSince = 0;
  standStill(5_000);
  look();
  assert.deepEqual(ejected, []);
  look();
  assert.deepEqual(ejected, ['a silent']);
});
