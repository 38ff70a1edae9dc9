import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { testRelease } from '../testing/calls.ts';
import { type TestRuntimeOptions, testRuntime } from '../testing/runtimes.ts';
import { chooseRuntime, stateOf, unavailable } from './choose-runtime.ts';

const release = testRelease();

test('the least busy runtime that holds the release is chosen, the first of equals', () => {
  const [a, b, c] = [3, 1, 1].map((inFlight, index) => testRuntime(`r${index}`, { inFlight }));
  assert.ok(a !== undefined && b !== undefined && c !== undefined);
  assert.equal(chooseRuntime([a, b, c], release, undefined)?.runtime, b);
  assert.equal(chooseRuntime([a, b, c], release, b)?.runtime, c);
  assert.equal(chooseRuntime([], release, undefined), undefined);
});

const unfit: readonly [what: string, options: TestRuntimeOptions, reason: string][] = [
  ['it is not reachable', { available: false }, 'r is not reachable'],
  ['it does not hold it', { held: null }, 'r does not hold it'],
  ['it is loading', { held: { state: 'LOADING' } }, 'r: loading'],
  ['it was unloaded', { held: { state: 'UNLOADED', reason: 'unloaded' } }, 'r: unloaded'],
  ['it could not load it', { held: { state: 'UNAVAILABLE', reason: 'truncated' } }, 'r: truncated'],
  [
    'it holds other files',
    { held: { digest: 'sha256:2' } },
    'r holds other files (sha256:2) than the store (sha256:1)',
  ],
];

for (const [what, options, reason] of unfit) {
  test(`a runtime is passed over, and the error says why: ${what}`, () => {
    const runtime = testRuntime('r', options);
    const busy = testRuntime('busy', { inFlight: 100 });
    assert.equal(chooseRuntime([runtime], release, undefined), undefined);
    assert.equal(chooseRuntime([runtime, busy], release, undefined)?.runtime, busy);
    const error = unavailable([runtime], release);
    assert.equal(error.code, 'RELEASE_UNAVAILABLE');
    assert.equal(error.message, `m 1.0.0 is not available: ${reason}`);
    assert.ok((error.retryAfterMs ?? 0) > 0);
  });
}

const states: readonly [states: readonly TestRuntimeOptions[], expected: string][] = [
  [[{ held: { state: 'UNAVAILABLE' } }, {}], 'READY'],
  [[{ held: { state: 'UNLOADED' } }, { held: { state: 'LOADING' } }], 'LOADING'],
  [[{ held: { state: 'UNAVAILABLE' } }, { held: { state: 'UNLOADED' } }], 'UNLOADED'],
  [[{ held: { state: 'LOADING' }, available: false }], 'UNAVAILABLE'],
  [[{ held: null }], 'UNAVAILABLE'],
  [[{ held: { digest: 'sha256:2' } }], 'UNAVAILABLE'],
  [[], 'UNAVAILABLE'],
];

for (const [options, expected] of states) {
  test(`the state of a release over all runtimes is ${expected} for ${JSON.stringify(options)}`, () => {
    const runtimes = options.map((each, index) => testRuntime(`r${index}`, each));
    const { state, reason } = stateOf(runtimes, release);
    assert.equal(state, expected);
    assert.equal(reason === '', state === 'READY' || runtimes.length === 0);
  });
}

test('whoever is chosen serves the release, and nobody who serves it is less busy', () => {
  const options = fc.record({
    available: fc.boolean(),
    inFlight: fc.nat(3),
    held: fc.constantFrom(null, {}),
  });
  fc.assert(
    fc.property(fc.array(options), (given) => {
      const runtimes = given.map((each, index) => testRuntime(`r${index}`, each));
      const fit = runtimes.filter((runtime) => runtime.available && runtime.held(release) !== undefined);
      const chosen = chooseRuntime(runtimes, release, undefined)?.runtime;
      assert.equal(chosen === undefined, fit.length === 0);
      assert.ok(fit.every(({ inFlight }) => chosen !== undefined && chosen.inFlight <= inFlight));
    }),
  );
});
