import assert from 'node:assert/strict';
import fc from 'fast-check';
import { createScheduler } from '../core/scheduler.ts';
import {
  type Request,
  type SimulatedOptions,
  type SimulatedRelease,
  simulateRelease,
} from './simulated-release.ts';
import { type VirtualClock, virtualClock } from './virtual-clock.ts';

/** Releases with callers, made up by fast-check, in virtual time. */

const never = fc.constant(Number.POSITIVE_INFINITY);
const anyRequest: fc.Arbitrary<Request> = fc.record({
  at: fc.integer({ min: 0, max: 40 }),
  rows: fc.integer({ min: 1, max: 5 }),
  width: fc.integer({ min: 1, max: 2 }),
  priority: fc.constantFrom(0, 1, 99, 100, 101),
  deadlineInMs: fc.oneof(never, fc.integer({ min: 0, max: 60 })),
  cancelInMs: fc.oneof({ weight: 3, arbitrary: never }, { weight: 1, arbitrary: fc.nat(20) }),
});

/** Of every queue. */
export const limits = { maxEntries: 12, maxBytes: 120 };
export const anyRule = fc.record({
  maxRows: fc.integer({ min: 1, max: 8 }),
  maxBytes: fc.constantFrom(40, 1_000),
  preferredRows: fc.constant<number[]>([]),
  maxDelayMs: fc.constant(0),
});
export const anyDelayedRule = fc
  .record({
    maxRows: fc.integer({ min: 2, max: 8 }),
    half: fc.boolean(),
    maxDelayMs: fc.constantFrom(0.3, 5),
  })
  .map(({ maxRows, half, maxDelayMs }) => ({
    maxRows,
    maxBytes: 1_000,
    preferredRows: half ? [maxRows >> 1, maxRows] : [],
    maxDelayMs,
  }));
const anyCost = fc.tuple(fc.constantFrom(0, 0.05, 2, 9), fc.constantFrom(0, 0.01, 1)).map(
  ([base, perRow]) =>
    (rows: number) =>
      base + rows * perRow,
);
/** Batches with some of the requests fail. */
const anyFailure = fc.constantFrom<(ids: readonly number[]) => boolean>(
  () => false,
  (ids) => ids.some((id) => id % 5 === 3),
);

type Options = Omit<SimulatedOptions, 'scheduler' | 'clock'>;
export interface Simulation {
  readonly clock: VirtualClock;
  readonly releases: readonly SimulatedRelease[];
}

/** Some releases of one process, which begin when the clock is run. */
export const simulate = (
  of: readonly (readonly [requests: readonly Request[], options: Options])[],
): Simulation => {
  const clock = virtualClock();
  const scheduler = createScheduler({ clock, fault: assert.ifError });
  const releases = of.map(([requests, options]) =>
    simulateRelease(requests, { ...options, scheduler, clock }),
  );
  return { clock, releases };
};

/** A release with its callers. */
export const anyRelease = (rule: typeof anyRule | typeof anyDelayedRule) =>
  fc.tuple(
    fc.array(anyRequest, { maxLength: 40 }),
    fc.record({ limits: fc.constant(limits), rule, costMs: anyCost, fails: anyFailure }),
  );
const anyReleases = (rule: typeof anyRule | typeof anyDelayedRule) =>
  fc.array(anyRelease(rule), { minLength: 1, maxLength: 3 }).map(simulate);

/** Without delays, with several releases in one process. */
export const withoutDelay = anyReleases(anyRule);
/** With delays or without. */
export const withAnyRule = fc.oneof(withoutDelay, anyReleases(anyDelayedRule));

/** Lets all of it happen and looks at each release. */
export const always = (
  check: (release: SimulatedRelease) => void,
  simulations: fc.Arbitrary<Simulation> = withAnyRule,
): Promise<void> =>
  fc.assert(
    fc.asyncProperty(simulations, async ({ clock, releases }) => {
      await clock.run();
      for (const release of releases) check(release);
    }),
    { numRuns: 150 },
  );

/** So many requests at once, for a release whose batches of eight take so long. */
export const flood = (count: number, costMs: number, at = 0): readonly [Request[], Options] => {
  const usual = { rows: 1, width: 1, priority: 0 };
  const patient = { deadlineInMs: Number.POSITIVE_INFINITY, cancelInMs: Number.POSITIVE_INFINITY };
  const rule = { maxRows: 8, maxBytes: 1_000, preferredRows: [], maxDelayMs: 0 };
  return [
    Array.from({ length: count }, () => ({ ...usual, ...patient, at })),
    { limits: { maxEntries: count, maxBytes: 1e9 }, rule, costMs: () => costMs },
  ];
};
