import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beatMs, createSilence, isTooLong } from './silence.ts';

const maxComputeMs = 500;

/** When a cell that was heard of at 0 and never again is found to hang, looked at as often as that. */
const foundAt = (everyMs: number): number => {
  const silence = createSilence(0);
  for (let now = everyMs; ; now += everyMs) if (isTooLong(silence.look(now), maxComputeMs)) return now;
};

test('a cell that says nothing hangs, but never before maxComputeMs and an interval are over', () => {
  for (const everyMs of [1, 10, beatMs, 2 * beatMs]) {
    const at = foundAt(everyMs);
    assert.ok(at > maxComputeMs + beatMs, `${at}`);
    assert.ok(at <= maxComputeMs + beatMs + everyMs, `${at}`);
  }
});

test('each sign of life begins the count anew', () => {
  const silence = createSilence(0);
  for (let now = beatMs; now <= 10 * maxComputeMs; now += beatMs) {
    if (now % maxComputeMs === 0) silence.heard(now);
    assert.ok(!isTooLong(silence.look(now), maxComputeMs), `at ${now}`);
  }
});

test('a listener that was not awake itself does not take its own pause for silence', () => {
  const silence = createSilence(0);
  const afterPause = 60_000;
  assert.equal(silence.look(afterPause), 2 * beatMs);
  assert.ok(!isTooLong(silence.look(afterPause + beatMs), maxComputeMs));
});
