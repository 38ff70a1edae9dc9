import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Round, Sample } from '../figures.ts';
import type { Goal } from './goal.ts';
import { goals, judgeGoals } from './goals.ts';

const round = (samples: Readonly<Record<string, Sample>>): Round => new Map(Object.entries(samples));
const nothing = round({});

const goalLike = (text: RegExp): Goal => {
  const goal = goals.find((one) => text.test(one.text));
  assert.ok(goal, `there is a goal like ${text}`);
  return goal;
};

test('a goal whose rows were not measured is not judged', () => {
  assert.deepEqual(judgeGoals([nothing], nothing), []);
  const ours = round({ 'unary-64': { requestsPerSecond: 10_000, rowsPerSecond: 10_000 } });
  assert.deepEqual(judgeGoals([ours], nothing, [goalLike(/64 in flight, gateway/)]), []);
});

const against = (ours: number, workers0: number, workers1: number): Round =>
  round({
    'unary-64': { requestsPerSecond: ours, p99Us: ours },
    'mlserver-0-64': { rowsPerSecond: workers0, p99Us: workers0 },
    'mlserver-1-64': { rowsPerSecond: workers1, p99Us: workers1 },
  });

test('MLServer is the better of its two settings', () => {
  const [throughput, p99] = judgeGoals([against(12_000, 2_000, 1_000)], nothing, [
    goalLike(/64 in flight, gateway/),
    goalLike(/p99 at 64/),
  ]);
  assert.equal(throughput?.measured.median, 6);
  assert.equal(p99?.measured.median, 12);
});

test('ratios are made within a round, and the median of them decides', () => {
  const rounds = [against(9_000, 1_000, 500), against(400, 100, 50), against(6_000, 1_000, 500)];
  const [outcome] = judgeGoals(rounds, nothing, [goalLike(/64 in flight, gateway/)]);
  assert.deepEqual(outcome?.measured, { median: 6, least: 4, most: 9 });
  assert.equal(outcome?.verdict, 'yes');
});

const verdicts: readonly (readonly [bareUs: number, unaryUs: number, verdict: string])[] = [
  [10, 360, 'stretch'],
  [10, 361, 'yes'],
  [10, 610, 'yes'],
  [10, 611, 'no'],
];

for (const [bareUs, unaryUs, verdict] of verdicts)
  test(`${unaryUs} µs with ${bareUs} for the bare loop: ${verdict}`, () => {
    const measured = round({ bare: { p50Us: bareUs }, 'unary-1': { p50Us: unaryUs } });
    const [outcome] = judgeGoals([measured], nothing, [goalLike(/above the bare loop/)]);
    assert.equal(outcome?.verdict, verdict);
  });

test('what is measured once counts too, in megabytes', () => {
  const single = round({ memory: { gatewayGrowthMiB: 5, runtimeGrowthMiB: -1 } });
  const [outcome] = judgeGoals([nothing, nothing], single, [goalLike(/anonymous memory/)]);
  assert.deepEqual(outcome?.measured, { median: 5.24288, least: 5.24288, most: 5.24288 });
});
