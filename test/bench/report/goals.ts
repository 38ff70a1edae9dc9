import type { Figure, Round, Sample } from '../figures.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Goal, Look } from './goal.ts';
import { recordGoals } from './record-goals.ts';
import { streamGoals } from './stream-goals.ts';

const bestOfMlserver = (look: Look, inFlight: string, figure: Figure, pick: typeof Math.max): number => {
  const both = ['mlserver-0', 'mlserver-1'].map((name) => look(`${name}-${inFlight}`, figure));
  const known = both.filter((value) => !Number.isNaN(value));
  return known.length === 0 ? Number.NaN : pick(...known);
};
const mlserver = (look: Look, inFlight: string, figure: Figure = 'rowsPerSecond'): number =>
  bestOfMlserver(look, inFlight, figure, Math.max);

/** The goals, each computed within one round, so that a slow minute of the machine is on both sides. */
export const goals: readonly Goal[] = [
  {
    text: 'unary gRPC, 64 in flight, gateway + runtime, against MLServer',
    atLeast: 5,
    stretch: 10,
    better: 'higher',
    unit: '×',
    measure: (look) => look('unary-64', 'requestsPerSecond') / mlserver(look, '64'),
  },
  {
    text: 'the same at 256 in flight',
    atLeast: 7,
    stretch: 12,
    better: 'higher',
    unit: '×',
    measure: (look) => look('unary-256', 'requestsPerSecond') / mlserver(look, '256'),
  },
  {
    text: 'p99 at 64 in flight, against MLServer',
    atLeast: 0.5,
    stretch: 0.25,
    better: 'lower',
    unit: '×',
    measure: (look) => look('unary-64', 'p99Us') / bestOfMlserver(look, '64', 'p99Us', Math.min),
  },
  {
    text: 'one in flight: p50 above the bare loop',
    atLeast: 600,
    stretch: 350,
    better: 'lower',
    unit: ' µs',
    measure: (look) => look('unary-1', 'p50Us') - look('bare', 'p50Us'),
  },
  {
    text: "ModelStreamInfer, rows/s, against MLServer's unary at 64",
    atLeast: 14,
    stretch: 40,
    better: 'higher',
    unit: '×',
    measure: (look) => look('infer-stream', 'rowsPerSecond') / mlserver(look, '64'),
  },
  {
    text: '32 rows a request, rows/s, against MLServer',
    atLeast: 7,
    stretch: 15,
    better: 'higher',
    unit: '×',
    measure: (look) => look('unary-32-rows', 'rowsPerSecond') / mlserver(look, '32-rows'),
  },
  {
    text: 'score-file, rows/s, against PredictStream',
    atLeast: 80,
    stretch: 95,
    better: 'higher',
    unit: '%',
    measure: (look) => (100 * look('score-file', 'rowsPerSecond')) / look('predict-stream', 'rowsPerSecond'),
  },
  {
    text: 'Predict with named features against ModelInfer with tensors',
    atLeast: 75,
    stretch: 90,
    better: 'higher',
    unit: '%',
    measure: (look) =>
      (100 * look('predict-64', 'requestsPerSecond')) / look('unary-64', 'requestsPerSecond'),
  },
  {
    text: 'Predict with 20 features that have limits and 3 rules, against none of either',
    atLeast: 85,
    stretch: 95,
    better: 'higher',
    unit: '%',
    measure: (look) =>
      (100 * look('predict-3-rules', 'requestsPerSecond')) / look('predict-64', 'requestsPerSecond'),
  },
  {
    text: 'validation of 20 features',
    atLeast: 15,
    stretch: 5,
    better: 'lower',
    unit: ' µs',
    measure: (look) => look('validation-20', 'p50Us'),
  },
  {
    text: 'tracing at 1 % against off',
    atLeast: 95,
    stretch: 99,
    better: 'higher',
    unit: '%',
    measure: (look) =>
      (100 * look('unary-64-traced-1', 'requestsPerSecond')) / look('unary-64', 'requestsPerSecond'),
  },
  ...recordGoals,
  ...streamGoals,
  {
    text: 'p99 with 100 loaded models against 1',
    atLeast: 1.3,
    stretch: 1.1,
    better: 'lower',
    unit: '×',
    measure: (look) => look('models-100', 'p99Us') / look('unary-64', 'p99Us'),
  },
  {
    text: 'goodput at 5× overload, against peak',
    atLeast: 85,
    stretch: 95,
    better: 'higher',
    unit: '%',
    measure: (look) => look('overload', 'goodputPercent'),
  },
  {
    text: 'the default moves under load at 64 in flight: p99 against a default that stays',
    atLeast: 2,
    stretch: 1.2,
    better: 'lower',
    unit: '×',
    measure: (look) => look('swap-default', 'p99Us') / look('swap-none', 'p99Us'),
  },
  {
    text: 'the same: failed requests',
    atLeast: 0,
    stretch: 0,
    better: 'lower',
    unit: '',
    measure: (look) => look('swap-default', 'failedRequests'),
  },
  {
    text: '10^6 requests: growth of anonymous memory after warm-up, the larger of both processes',
    atLeast: 10,
    stretch: 0,
    better: 'lower',
    unit: ' MB',
    measure: (look) =>
      (Math.max(look('memory', 'gatewayGrowthMiB'), look('memory', 'runtimeGrowthMiB')) * 2 ** 20) / 1e6,
  },
  {
    text: 'publish to first answer',
    atLeast: 2_000,
    stretch: 500,
    better: 'lower',
    unit: ' ms',
    measure: (look) => look('publish', 'publishMs'),
  },
  {
    text: 'load on demand of an unloaded small release, p99',
    atLeast: 300,
    stretch: 50,
    better: 'lower',
    unit: ' ms',
    measure: (look) => look('load-on-demand', 'p99Ms'),
  },
  {
    text: '500 releases in the store: start to ready, runtime and gateway one after the other',
    atLeast: 10_000,
    stretch: 3_000,
    better: 'lower',
    unit: ' ms',
    measure: (look) => look('start-500', 'runtimeStartMs') + look('start-500', 'gatewayStartMs'),
  },
];

export type Verdict = 'stretch' | 'yes' | 'no';

export interface Outcome {
  readonly goal: Goal;
  readonly measured: Spread;
  readonly verdict: Verdict;
}

const reaches = ({ better }: Goal, value: number, bound: number): boolean =>
  better === 'higher' ? value >= bound : value <= bound;

const verdictOf = (goal: Goal, value: number): Verdict => {
  if (reaches(goal, value, goal.stretch)) return 'stretch';
  return reaches(goal, value, goal.atLeast) ? 'yes' : 'no';
};

const lookInto =
  (round: Round, single: Round): Look =>
  (row, figure) => {
    const sample: Sample | undefined = round.get(row) ?? single.get(row);
    return sample?.[figure] ?? Number.NaN;
  };

/** The goals whose rows were measured, by the median over the rounds. */
export const judgeGoals = (rounds: readonly Round[], single: Round, all = goals): Outcome[] =>
  all.flatMap((goal) => {
    const values = rounds.map((round) => goal.measure(lookInto(round, single)));
    const measured = spreadOf(values.filter(Number.isFinite));
    return measured === undefined ? [] : [{ goal, measured, verdict: verdictOf(goal, measured.median) }];
  });
