import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Standing } from './standing.ts';

const start = () => new Standing({ ejectMs: 1_000, reentryMs: 10_000 });

test('the load is what is in flight, and nothing when nothing is', () => {
  const standing = start();
  for (const cost of [0.1, 0.2, 0.3]) standing.begin(cost);
  standing.end(0.2);
  assert.ok(Math.abs(standing.loadUs - 0.4) < 1e-9);
  standing.end(0.1);
  standing.end(0.3);
  assert.equal(standing.loadUs, 0);
});

test('the n-th ejection in a row lasts n times as long', () => {
  const standing = start();
  let now = 0;
  for (const expected of [1_000, 2_000, 3_000]) {
    assert.equal(standing.eject(now), expected);
    assert.equal(standing.isEjected(now + expected - 1), true);
    now += expected;
    assert.equal(standing.isEjected(now), false);
  }
});

test('no ejection is longer than five minutes', () => {
  const standing = new Standing({ ejectMs: 200_000, reentryMs: 1 });
  assert.deepEqual([standing.eject(0), standing.eject(200_000)], [200_000, 300_000]);
});

test('half a minute without an ejection forgives one', () => {
  const standing = start();
  for (const now of [0, 1_000, 3_000]) standing.eject(now);
  // It ended at 6,000; two are forgiven by now.
  assert.equal(standing.eject(66_000), 2_000);
  assert.equal(standing.eject(10_000_000), 1_000);
});

test('after an ejection the weight grows from a tenth to the whole', () => {
  const standing = start();
  assert.equal(standing.weight(0), 1);
  standing.eject(0);
  const weights = [1_000, 1_500, 2_000, 6_000, 10_999, 11_000].map((now) => standing.weight(now));
  assert.deepEqual(weights, [0.1, 0.1, 0.1, 0.5, 0.9999, 1]);
});

test('one that has just come starts small, too', () => {
  const standing = start();
  standing.enter(500);
  assert.deepEqual([standing.weight(500), standing.weight(5_500), standing.weight(10_500)], [0.1, 0.5, 1]);
});

test('an ejection can be prolonged, which counts as no further one', () => {
  const standing = start();
  standing.eject(0);
  standing.holdOff(500);
  assert.equal(standing.ejectedUntil, 1_000);
  standing.holdOff(4_000);
  assert.deepEqual([standing.isEjected(3_999), standing.settledAt], [true, 14_000]);
  assert.equal(standing.eject(4_000), 2_000);
});

test('the fifth fault in a row is one too many, an answer begins the row anew', () => {
  const standing = start();
  const row = (count: number) => Array.from({ length: count }, () => standing.failed(7));
  assert.deepEqual(row(4), new Array(4).fill(undefined));
  standing.answered(8);
  assert.deepEqual(row(4), new Array(4).fill(undefined));
  assert.equal(standing.failed(9), 7);
  standing.eject(0);
  assert.equal(standing.failed(9), undefined);
});
