import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseStat } from './cpu.ts';

test('times are found behind any name of a program', () => {
  const stat = '42 (a) b (c) R 7 42 42 0 -1 4194304 100 0 0 0 11 22 33 44 20 0 1 0 5 6 7';
  assert.deepEqual(parseStat(stat), { parent: 7, ticks: 33, childrenTicks: 77 });
});
