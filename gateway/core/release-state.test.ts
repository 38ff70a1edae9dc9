import assert from 'node:assert/strict';
import { test } from 'node:test';
import { testRelease } from '../testing/calls.ts';
import { type TestRuntimeOptions, testRuntime } from '../testing/runtimes.ts';
import { stateOf, unavailable } from './release-state.ts';

const release = testRelease();

const unfit: readonly [what: string, options: TestRuntimeOptions, reason: string][] = [
  ['it is not reachable', { available: false }, 'r is not reachable'],
  ['it does not hold it', { held: null }, 'r does not hold it'],
  ['it is loading', { held: { state: 'LOADING' } }, 'r: loading'],
  ['it was unloaded', { held: { state: 'UNLOADED', reason: 'unloaded' } }, 'r: unloaded'],
  ['it could not load it', { held: { state: 'UNAVAILABLE', reason: 'truncated' } }, 'r: truncated'],
  ['its cell is starting', { held: { state: 'IN_CELL' } }, 'r: its cell is not reachable'],
  [
    'it holds other files',
    { held: { digest: 'sha256:2' } },
    'r holds other files (sha256:2) than the store (sha256:1)',
  ],
];

for (const [what, options, reason] of unfit) {
  test(`the error says why a runtime cannot serve a release: ${what}`, () => {
    const runtime = testRuntime('r', options);
    const error = unavailable([runtime], release);
    assert.equal(error.code, 'RELEASE_UNAVAILABLE');
    assert.equal(error.message, `m 1.0.0 is not available: ${reason}`);
    assert.ok((error.retryAfterMs ?? 0) > 0);
  });
}

test('a release that a runtime keeps in quarantine is told so, with its reason', () => {
  const reason = 'its cells hung 3 times';
  const runtimes = [
    testRuntime('a', { held: null }),
    testRuntime('b', { held: { state: 'QUARANTINED', reason } }),
  ];
  const { code, message, retryAfterMs } = unavailable(runtimes, release);
  assert.equal(code, 'RELEASE_QUARANTINED');
  assert.match(message, /a does not hold it; b: its cells hung 3 times$/);
  assert.ok((retryAfterMs ?? 0) > 0);
});

const states: readonly [states: readonly TestRuntimeOptions[], expected: string][] = [
  [[{ held: { state: 'UNAVAILABLE' } }, {}], 'READY'],
  [[{ held: { state: 'UNLOADED' } }, { held: { state: 'LOADING' } }], 'LOADING'],
  [[{ held: { state: 'UNAVAILABLE' } }, { held: { state: 'UNLOADED' } }], 'UNLOADED'],
  [[{ held: { state: 'LOADING' }, available: false }], 'UNAVAILABLE'],
  [[{ held: { state: 'IN_CELL' } }, { held: { state: 'UNLOADED' } }], 'LOADING'],
  [[{ held: { state: 'IN_CELL' } }, {}], 'READY'],
  [[{ held: { state: 'QUARANTINED' } }], 'UNAVAILABLE'],
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
