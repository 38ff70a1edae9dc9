import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testRuntime } from '../testing/runtimes.ts';
import { chooseOfTwo } from './choose-of-two.ts';
import { type Candidate, Route } from './route.ts';
import { Standing } from './standing.ts';

const options = { ejectMs: 1_000, reentryMs: 10_000 };
const now = (): number => 0;

/** Candidates of one release that have so much to do. */
const withLoads = (...loadsUs: readonly number[]): Candidate[] => {
  const route = new Route();
  return loadsUs.map((loadUs, index) => {
    const standing = new Standing(options);
    standing.begin(loadUs);
    return { runtime: testRuntime(`r${index}`), standing, handle: 1, route };
  });
};

/** Gives these numbers, then fails. */
const script = (...numbers: readonly number[]) => {
  const left = [...numbers];
  return () => {
    const next = left.shift();
    assert.ok(next !== undefined, 'no more randomness was to be used');
    return next;
  };
};

test('with none there is none, and one needs no randomness', () => {
  const [only] = withLoads(1e9);
  assert.equal(chooseOfTwo([], script(), now), undefined);
  assert.ok(only !== undefined);
  assert.equal(chooseOfTwo([only], script(), now), only);
});

test('of two the one with less to do is chosen, whichever was picked first', () => {
  const candidates = withLoads(500, 400);
  for (const random of [0, 0.99]) assert.equal(chooseOfTwo(candidates, script(random), now), candidates[1]);
});

test('of equals the one that was picked first is chosen, so that both have their turn', () => {
  const candidates = withLoads(100, 100);
  assert.equal(chooseOfTwo(candidates, script(0), now), candidates[0]);
  assert.equal(chooseOfTwo(candidates, script(0.5), now), candidates[1]);
});

test('of more only two that are picked are looked at, and never one of them twice', () => {
  const candidates = withLoads(300, 200, 100, 0);
  assert.equal(chooseOfTwo(candidates, script(0, 0), now), candidates[1]);
  assert.equal(chooseOfTwo(candidates, script(0, 0.99), now), candidates[3]);
  assert.equal(chooseOfTwo(candidates, script(0.75, 0), now), candidates[3]);
  assert.equal(chooseOfTwo(candidates, script(0.5, 0.99), now), candidates[2]);
});

test('one that is on its way back counts for less', () => {
  const candidates = withLoads(0, 400);
  candidates[0]?.standing.enter(0);
  const at = (ms: number) => chooseOfTwo(candidates, script(0), () => ms);
  // 50 µs against (400 + 50) µs, the first with a tenth of its weight in the beginning.
  assert.equal(at(1_000), candidates[1]);
  assert.equal(at(1_200), candidates[0]);
});

test('the most loaded of many is never chosen', () => {
  const unit = fc.double({ min: 0, max: 1, maxExcluded: true, noNaN: true });
  fc.assert(
    fc.property(fc.array(fc.nat(1_000), { minLength: 2, maxLength: 8 }), unit, unit, (loads, a, b) => {
      const candidates = withLoads(...loads, 1_001);
      const chosen = chooseOfTwo(candidates, script(a, b), now);
      assert.notEqual(chosen, candidates.at(-1));
      assert.ok(chosen !== undefined);
    }),
  );
});

test('two choices keep the fullest of many far emptier than one choice does', () => {
  /** A generator of the test's own: the same numbers every time (Numerical Recipes). */
  let state = 1;
  const random = (): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state / 2 ** 32;
  };
  const [servers, requests] = [50, 5_000];
  const candidates = withLoads(...new Array<number>(servers).fill(0));
  const single = new Array<number>(servers).fill(0);
  for (let request = 0; request < requests; request += 1) {
    chooseOfTwo(candidates, random, now)?.standing.begin(1);
    const at = Math.floor(random() * servers);
    single[at] = (single[at] ?? 0) + 1;
  }
  const mean = requests / servers;
  const fullest = Math.max(...candidates.map(({ standing }) => standing.loadUs));
  assert.ok(fullest - mean <= 3, `${fullest} against a mean of ${mean}`);
  assert.ok(Math.max(...single) - mean > 10);
});
