import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { Quarantine } from './quarantine.ts';

const release = { model: 'm', version: '1.0.0' };
const other = { model: 'm', version: '2.0.0' };

/** A quarantine of one second under a clock of the test's own. */
const start = () => {
  let now = 100;
  const quarantine = new Quarantine({ quarantineMs: 1_000, now: () => now });
  const pass = (ms: number): void => {
    now += ms;
  };
  const isolated = (of = release): number | undefined => {
    try {
      quarantine.check(of);
      return undefined;
    } catch (error) {
      assert.ok(error instanceof SluiceError && error.code === 'RELEASE_QUARANTINED');
      return error.retryAfterMs;
    }
  };
  return { quarantine, pass, isolated };
};

test('a release that nobody suspects is free', () => {
  const { quarantine, isolated } = start();
  quarantine.answered(release);
  assert.equal(isolated(), undefined);
});

test('two lost runtimes put a release in quarantine, one does not', () => {
  const { quarantine, isolated } = start();
  assert.equal(quarantine.lost(release), false);
  assert.equal(isolated(), undefined);
  assert.equal(quarantine.lost(release), true);
  assert.equal(isolated(), 1_000);
  assert.equal(isolated(other), undefined);
});

test('an answer clears the suspicion', () => {
  const { quarantine, isolated } = start();
  quarantine.lost(release);
  quarantine.answered(release);
  quarantine.lost(release);
  assert.equal(isolated(), undefined);
});

test('the answer of another release clears nothing', () => {
  const { quarantine, isolated } = start();
  quarantine.lost(release);
  quarantine.answered(other);
  quarantine.lost(release);
  assert.equal(isolated(), 1_000);
});

test('one request that is lost twice is enough', () => {
  const { quarantine, isolated } = start();
  quarantine.lostTwice(release);
  assert.equal(isolated(), 1_000);
});

test('the time that is left is told, and afterwards the release starts anew', () => {
  const { quarantine, pass, isolated } = start();
  quarantine.lostTwice(release);
  pass(400);
  assert.equal(isolated(), 600);
  pass(599.5);
  assert.equal(isolated(), 1);
  pass(1);
  assert.equal(isolated(), undefined);
  assert.equal(quarantine.lost(release), false);
});

test('a late answer does not end a quarantine, and a further loss does not lengthen it', () => {
  const { quarantine, pass, isolated } = start();
  quarantine.lostTwice(release);
  pass(400);
  quarantine.answered(release);
  quarantine.lost(release);
  assert.equal(isolated(), 600);
});

test('clearing a model frees all its releases, and no others', () => {
  const { quarantine, isolated } = start();
  const neighbour = { model: 'm2', version: '1.0.0' };
  for (const each of [release, other, neighbour]) quarantine.lostTwice(each);
  quarantine.clear('m');
  assert.deepEqual([isolated(), isolated(other), isolated(neighbour)], [undefined, undefined, 1_000]);
});
