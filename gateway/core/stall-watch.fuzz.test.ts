import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { computed, encodedCall, testRelease } from '../testing/calls.ts';
import { dispatchWorld, type SlowRuntime, slowRuntime } from '../testing/dispatch-world.ts';
import { RuntimeLost } from './runtime.ts';

const call = encodedCall();

/** What may happen to a world of three runtimes under load. */
const events = fc.oneof(
  { weight: 6, arbitrary: fc.constant({ kind: 'ask' } as const) },
  {
    weight: 4,
    arbitrary: fc.record({ kind: fc.constant('answer' as const), runtime: fc.nat(2), which: fc.nat(5) }),
  },
  {
    weight: 1,
    arbitrary: fc.record({ kind: fc.constant('lose' as const), runtime: fc.nat(2), which: fc.nat(5) }),
  },
  { weight: 2, arbitrary: fc.record({ kind: fc.constant('stall' as const), runtime: fc.nat(2) }) },
  { weight: 2, arbitrary: fc.constant({ kind: 'look' } as const) },
);

type Event = typeof events extends fc.Arbitrary<infer E> ? E : never;

/** Three runtimes and a number of retries, to which things happen. */
const openWorld = (retries: number) => {
  const runtimes = ['a', 'b', 'c'].map(slowRuntime);
  const { handle, look, now } = dispatchWorld(runtimes, retries);
  const endings: number[] = [];
  const asked: Promise<void>[] = [];
  /** A release of its own for each request: nothing that is lost isolates another one, and they can be told apart. */
  const ask = (): void => {
    const index = endings.push(0) - 1;
    const release = testRelease({ version: `1.0.${index}` });
    const end = (): void => {
      endings[index] = (endings[index] ?? 0) + 1;
    };
    asked.push(handle({ ...call, served: { ...call.served, release } }).then(end, end));
  };
  const befallRuntime = (event: Exclude<Event, { kind: 'ask' | 'look' }>): void => {
    const runtime = runtimes[event.runtime];
    if (event.kind === 'stall') Object.assign(runtime ?? {}, { silentSince: now() - 2_000 });
    else if (event.kind === 'answer') runtime?.waiting[event.which]?.resolve(computed());
    else runtime?.waiting[event.which]?.reject(new RuntimeLost('gone'));
  };
  const befall = (event: Event): void => {
    if (event.kind === 'ask') ask();
    else if (event.kind === 'look') look();
    else befallRuntime(event);
  };
  /** Answers all that is under way, also what that brings. */
  const answerAll = async (): Promise<void> => {
    for (let round = 0; round < 2; round += 1) {
      for (const { waiting } of runtimes) for (const each of waiting) each.resolve(computed());
      await turn();
    }
    await Promise.all(asked);
  };
  return { runtimes, endings, befall, answerAll };
};

/** The addresses that each request was sent to. */
const wherever = (runtimes: readonly SlowRuntime[]): string[][] => {
  const sent = runtimes.flatMap(({ address, asked }) =>
    asked.map(({ release }) => ({ address, version: release.version })),
  );
  return [...Map.groupBy(sent, ({ version }) => version).values()].map((each) =>
    each.map(({ address }) => address),
  );
};

test('whatever happens every request ends once, no runtime has it twice, no third one at all, and the budget is kept', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(events, { maxLength: 80 }), fc.nat(6), async (given, retries) => {
      const { runtimes, endings, befall, answerAll } = openWorld(retries);
      for (const event of given) {
        befall(event);
        await turn();
      }
      await answerAll();
      assert.ok(endings.every((count) => count === 1));
      const sent = wherever(runtimes);
      assert.ok(
        sent.every((addresses) => addresses.length <= 2 && new Set(addresses).size === addresses.length),
      );
      assert.ok(sent.filter(({ length }) => length === 2).length <= retries);
    }),
    { numRuns: 200 },
  );
});
