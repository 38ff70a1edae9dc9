import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { testRelease } from '../testing/calls.ts';
import { type TestRuntime, testRuntime } from '../testing/runtimes.ts';
import { OnDemand } from './on-demand.ts';
import { Quarantine } from './quarantine.ts';
import { Route } from './route.ts';
import { type Held, type Runtime, RuntimeLost } from './runtime.ts';
import { Standing } from './standing.ts';

const release = testRelease();
const never = new AbortController().signal;

/** A runtime whose loads the test settles. */
const loading = (address: string, state: Held['state'] | null, roomKib = 0, digest = 'sha256:1') => {
  const loads: PromiseWithResolvers<void>[] = [];
  const load = (): Promise<void> => {
    const next = Promise.withResolvers<void>();
    loads.push(next);
    return next.promise;
  };
  const runtime = testRuntime(address, { held: state === null ? null : { state, digest }, load });
  return Object.assign(runtime, { loads, roomKib, isServing: false });
};
type Loading = ReturnType<typeof loading>;

const start = (runtimes: readonly (Loading | TestRuntime)[], waitMs = 60_000) => {
  let at = 0;
  let next = Promise.withResolvers<void>();
  const waited: boolean[] = [];
  const quarantine = new Quarantine({ quarantineMs: 1_000, now: () => at });
  const choose = (_: unknown, without?: Runtime) => {
    const runtime = runtimes.find((each) => each !== without && 'isServing' in each && each.isServing);
    const standing = new Standing({ ejectMs: 1, reentryMs: 1 });
    return runtime && { runtime, standing, handle: 1, route: new Route() };
  };
  const onDemand = new OnDemand({
    runtimes: () => runtimes,
    choose,
    changed: () => next.promise,
    check: (each) => quarantine.check(each),
    waitMs,
    now: () => at,
    onWaited: (_, candidate) => waited.push(candidate !== undefined),
  });
  return {
    onDemand,
    quarantine,
    waited,
    pass: (ms: number) => {
      at += ms;
    },
    serve: (runtime: Loading) => {
      runtime.isServing = true;
      runtime.loads.at(-1)?.resolve();
      next.resolve();
      next = Promise.withResolvers();
    },
    ask: async (signal = never, without?: Runtime) =>
      (await onDemand.candidate(release, signal, without))?.runtime.address,
  };
};

const refusal = new SluiceError('RELEASE_UNAVAILABLE', 'no room');

test('many who ask wait for one load', async () => {
  const runtime = loading('a', 'ON_DEMAND');
  const { ask, serve, waited } = start([runtime]);
  const asked = [ask(), ask(), ask()];
  serve(runtime);
  assert.deepEqual(await Promise.all(asked), ['a', 'a', 'a']);
  assert.deepEqual([runtime.loads.length, waited], [1, [true, true, true]]);
});

const rows: readonly [what: string, runtimes: readonly Loading[], asked: string][] = [
  ['with the most room', [loading('a', 'ON_DEMAND', 1), loading('b', 'ON_DEMAND', 2)], 'b'],
  ['that loads it already', [loading('a', 'ON_DEMAND', 9), loading('b', 'LOADING')], 'b'],
  ['that knows of it', [loading('a', null, 9), loading('b', 'ON_DEMAND')], 'b'],
  ['that may not have seen it yet, where no other is left', [loading('a', null)], 'a'],
  ['that could not read the files, which are there now', [loading('a', 'UNAVAILABLE', 1, '')], 'a'],
  ['that could not load other files', [loading('a', 'UNAVAILABLE', 1, 'sha256:2')], 'a'],
];

for (const [what, runtimes, asked] of rows) {
  test(`the runtime is asked ${what}`, async () => {
    const { ask, serve } = start(runtimes);
    const answer = ask();
    for (const runtime of runtimes) if (runtime.loads.length > 0) serve(runtime);
    assert.equal(await answer, asked);
  });
}

for (const state of ['UNLOADED', 'UNAVAILABLE', 'QUARANTINED', 'IN_CELL', 'READY'] as const) {
  test(`nobody waits for what no runtime would load: ${state}`, async () => {
    const runtime = loading('a', state);
    const { ask, waited } = start([runtime]);
    assert.deepEqual([await ask(), runtime.loads.length, waited], [undefined, 0, []]);
  });
}

test('nobody waits for a cell, or for a runtime that is not there', async () => {
  const cell = Object.assign(loading('a', null), { roomKib: undefined });
  const away = Object.assign(loading('b', 'ON_DEMAND'), { available: false });
  assert.equal(await start([cell, away]).ask(), undefined);
});

test('what one runtime refuses the next one is asked for, and after all have refused nobody is for a while', async () => {
  const runtimes = [loading('a', 'ON_DEMAND', 2), loading('b', 'ON_DEMAND', 1)] as const;
  const { ask, pass, serve, waited } = start(runtimes);
  const answer = ask();
  runtimes[0].loads[0]?.reject(refusal);
  await new Promise(setImmediate);
  runtimes[1].loads[0]?.reject(refusal);
  assert.equal(await answer, undefined);
  assert.equal(await ask(), undefined);
  assert.deepEqual([runtimes.map(({ loads }) => loads.length), waited], [[1, 1], [false]]);
  pass(1_001);
  const later = ask();
  assert.equal(runtimes[0].loads.length, 2);
  serve(runtimes[0]);
  assert.equal(await later, 'a');
});

test('a runtime that dies while it loads is left for the next one, unless the release is in quarantine', async () => {
  const runtimes = [loading('a', 'ON_DEMAND', 2), loading('b', 'ON_DEMAND', 1)] as const;
  const { ask, serve } = start(runtimes);
  const answer = ask();
  runtimes[0].loads[0]?.reject(new RuntimeLost('gone'));
  await new Promise(setImmediate);
  serve(runtimes[1]);
  assert.equal(await answer, 'b');

  const others = [loading('a', 'ON_DEMAND', 2), loading('b', 'ON_DEMAND', 1)] as const;
  const world = start(others);
  const second = world.ask();
  for (let time = 0; time < 2; time += 1) world.quarantine.lost(release);
  others[0].loads[0]?.reject(new RuntimeLost('gone'));
  assert.equal(await second, undefined);
  assert.equal(others[1].loads.length, 0);
});

test('what another runtime had before is not sent there again', async () => {
  const runtimes = [loading('a', 'ON_DEMAND', 2), loading('b', 'ON_DEMAND', 1)] as const;
  const { ask, serve } = start(runtimes);
  const answer = ask(never, runtimes[0]);
  serve(runtimes[1]);
  assert.equal(await answer, 'b');
  assert.equal(runtimes[0].loads.length, 0);
});

test('the wait has a bound', async () => {
  const { ask, waited } = start([loading('a', 'ON_DEMAND')], 1);
  assert.equal(await ask(), undefined);
  assert.deepEqual(waited, [false]);
});

test('a caller who goes away ends its own wait, and nobody else’s', async () => {
  const runtime = loading('a', 'ON_DEMAND');
  const { ask, serve } = start([runtime]);
  const abort = new AbortController();
  const [gone, stays] = [ask(abort.signal), ask()];
  abort.abort(new SluiceError('CANCELLED', 'the caller went away'));
  await assert.rejects(gone, { code: 'CANCELLED' });
  serve(runtime);
  assert.equal(await stays, 'a');
});

test('what is loaded into a cell is waited for until the cell can be reached', async () => {
  const runtime = loading('a', 'ON_DEMAND');
  const { ask, serve } = start([runtime]);
  const answer = ask();
  runtime.loads[0]?.resolve();
  await new Promise(setImmediate);
  serve(runtime);
  assert.equal(await answer, 'a');
});
