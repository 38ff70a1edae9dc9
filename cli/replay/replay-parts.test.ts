import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { createCategoryTally, maxTransitions } from './category-tally.ts';
import { compareOutcomes } from './compare-outcomes.ts';
import { histogramOf } from './histogram.ts';
import { createNumberTally } from './number-tally.ts';
import type { Leaf, Outcome } from './outcome.ts';
import { createReservoir, quantileOf } from './reservoir.ts';

test('a reservoir keeps all up to its limit, and a sample of what it was given beyond it', () => {
  const reservoir = createReservoir(100, Math.random);
  for (let value = 0; value < 100; value += 1) reservoir.add(value);
  assert.deepEqual(reservoir.values().length, 100);
  for (let value = 100; value < 5_000; value += 1) reservoir.add(value);
  assert.equal(reservoir.count(), 5_000);
  assert.equal(new Set(reservoir.values()).size, 100);
  assert.ok(reservoir.values().some((value) => value >= 100));
});

test('quantiles are values of the list', () => {
  const sorted = [1, 2, 3, 4, 5, 6, 7, 8, 9, 10];
  assert.deepEqual(
    [0, 0.5, 0.9, 0.99, 1].map((part) => quantileOf(sorted, part)),
    [1, 5, 9, 10, 10],
  );
});

test('every value is in one bin, and the bins go from the least to the greatest', () => {
  fc.assert(
    fc.property(fc.array(fc.double({ noNaN: true, min: -1e9, max: 1e9 }), { minLength: 1 }), (values) => {
      const bins = histogramOf(values);
      assert.equal(
        bins.reduce((sum, { count }) => sum + count, 0),
        values.length,
      );
      assert.ok(bins.at(0)?.from === Math.min(...values));
      assert.ok(bins.at(-1)?.to === Math.max(...values));
    }),
  );
});

test('the largest changes are kept, whichever way they go', () => {
  const tally = createNumberTally('price', 2, Math.random);
  for (const [index, to] of [1, -5, 2, 4, 0].entries()) tally.add(`p-${index}`, 0, to, to !== 0);
  const { largest, changed, compared, size, meanChange } = tally.report();
  assert.deepEqual(
    largest.map(({ predictionId, change }) => [predictionId, change]),
    [
      ['p-1', -5],
      ['p-3', 4],
    ],
  );
  assert.deepEqual(
    [changed, compared, size.p0, size.p50, size.p100, size.mean, meanChange],
    [4, 5, 0, 2, 5, 2.4, 0.4],
  );
});

test('beyond so many transitions further ones are only counted', () => {
  const tally = createCategoryTally('text');
  for (let index = 0; index < maxTransitions + 5; index += 1) tally.add('p', 'a', `b-${index}`);
  const { changed, transitions, others } = tally.report();
  assert.deepEqual([changed, transitions.length, others], [maxTransitions + 5, maxTransitions, 5]);
});

const answered = (outputs: Readonly<Record<string, Leaf>>): Outcome => ({
  kind: 'prediction',
  outputs: new Map(Object.entries(outputs)),
});
const refused = (code: string): Outcome => ({ kind: 'refusal', code, message: '' });
const price: Outcome = answered({ price: [1] });

const verdicts: [what: string, from: Outcome, to: Outcome, verdict: string][] = [
  ['the same number', price, price, 'same'],
  ['noise of floating point', price, answered({ price: [1 + 1e-9] }), 'same'],
  ['another number', price, answered({ price: [1.1] }), 'different'],
  ['an output less', price, answered({}), 'different'],
  ['a list of another length', price, answered({ price: [1, 2] }), 'different'],
  ['a text for a number', price, answered({ price: 'much' }), 'different'],
  ['the same refusal', refused('A'), refused('A'), 'same'],
  ['another refusal', refused('A'), refused('B'), 'different'],
  ['a refusal for an answer', price, refused('A'), 'newlyRefused'],
  ['an answer for a refusal', refused('A'), price, 'newlyAnswered'],
  ['a failure', price, { kind: 'failure', code: 'INVALID_INPUT', message: '' }, 'newlyFailing'],
];
for (const [what, from, to, verdict] of verdicts)
  test(`${what} is ${verdict}`, () => assert.equal(compareOutcomes(from, to, 1e-6).verdict, verdict));

test('of a list of numbers the largest change counts', () => {
  const { changes } = compareOutcomes(answered({ y: [1, 2, 3] }), answered({ y: [1, 5, 2] }), 0);
  assert.deepEqual(changes, [{ output: 'y', kind: 'number', from: 2, to: 5 }]);
});
