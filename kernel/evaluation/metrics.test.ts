import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { accuracy, f1, logLoss, rocAuc } from './classification.ts';
import { coverage } from './coverage.ts';
import { determination, meanAbsoluteError, rootMeanSquaredError } from './regression.ts';

/** Squares of these are exact. */
const number = fc.integer({ min: -(2 ** 20), max: 2 ** 20 }).map((count) => count / 16);
const values = fc.array(fc.record({ truth: number, predicted: number }), { minLength: 1 });
const labels = fc.array(
  fc.record({ truth: fc.constantFrom('a', 'b', 'c'), predicted: fc.constantFrom('a', 'b', 'c') }),
  { minLength: 1 },
);
const eighth = fc.integer({ min: 0, max: 8 }).map((count) => count / 8);
/** Of both classes, with ties. */
const scores = fc
  .array(fc.record({ truth: fc.boolean(), score: eighth }))
  .map((pairs) => [...pairs, { truth: true, score: 0.5 }, { truth: false, score: 0.25 }]);

test('the squared error is never below the absolute one, and both are 0 where all is right', () => {
  fc.assert(
    fc.property(values, (pairs) => {
      const right = pairs.map(({ truth }) => ({ truth, predicted: truth }));
      assert.ok(rootMeanSquaredError(pairs) >= meanAbsoluteError(pairs) * (1 - 1e-12));
      assert.deepEqual(
        [meanAbsoluteError(right), rootMeanSquaredError(right), determination(right)],
        [0, 0, 1],
      );
    }),
  );
});

test('r2 is at most 1, and 0 for who always says the mean', () => {
  fc.assert(
    fc.property(values, (pairs) => {
      assert.ok(determination(pairs) <= 1);
    }),
  );
  const mean = [1, 2, 6].map((truth) => ({ truth, predicted: 3 }));
  assert.equal(determination(mean), 0);
});

test('the area under the curve is the share of couples in the right order, ties counting half', () => {
  fc.assert(
    fc.property(scores, (pairs) => {
      const positives = pairs.filter(({ truth }) => truth);
      const negatives = pairs.filter(({ truth }) => !truth);
      const couples = positives.flatMap((one) =>
        negatives.map((other) => (one.score > other.score ? 1 : one.score === other.score ? 0.5 : 0)),
      );
      const share = couples.reduce<number>((sum, couple) => sum + couple, 0) / couples.length;
      assert.ok(Math.abs(rocAuc(pairs) - share) < 1e-12);
    }),
  );
});

test('who scores the other way round has the rest of the area', () => {
  fc.assert(
    fc.property(scores, (pairs) => {
      const turned = pairs.map(({ truth, score }) => ({ truth, score: 1 - score }));
      assert.ok(Math.abs(rocAuc(pairs) + rocAuc(turned) - 1) < 1e-12);
    }),
  );
});

test('the area does not exist where one class is absent', () => {
  assert.ok(Number.isNaN(rocAuc([{ truth: true, score: 0.5 }])));
});

test('log loss is positive and finite, even for who is surely wrong', () => {
  fc.assert(
    fc.property(scores, (pairs) => {
      const loss = logLoss(pairs);
      assert.ok(Number.isFinite(loss) && loss >= 0);
    }),
  );
});

test('accuracy and f1 are shares, and 1 where all is right', () => {
  fc.assert(
    fc.property(labels, (pairs) => {
      for (const share of [accuracy(pairs), f1(pairs, 'a')]) assert.ok(share >= 0 && share <= 1);
      const right = pairs.map(({ truth }) => ({ truth, predicted: truth }));
      assert.equal(accuracy(right), 1);
      assert.equal(f1(right, 'a'), right.some(({ truth }) => truth === 'a') ? 1 : 0);
    }),
  );
});

test('a wider interval never covers less', () => {
  const intervals = fc.array(fc.record({ truth: number, lower: number, upper: number }), { minLength: 1 });
  fc.assert(
    fc.property(intervals, (pairs) => {
      const wider = pairs.map(({ truth, lower, upper }) => ({ truth, lower: lower - 1, upper: upper + 1 }));
      assert.ok(coverage(wider) >= coverage(pairs));
    }),
  );
});
