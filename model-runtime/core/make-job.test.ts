import assert from 'node:assert/strict';
import { test } from 'node:test';
import { rowsOf, testJob } from '../testing/jobs.ts';
import { wanted } from './make-job.ts';

const flag = { name: 'f', datatype: 'BOOL', shape: [3, 2], data: new Uint8Array(6) } as const;

test('a job knows its rows, its bytes and its shapes without the batch axis', () => {
  const { rows, bytes, shapeKey } = testJob({ inputs: [rowsOf(1, 2, 3), flag] }).job;
  assert.deepEqual([rows, bytes, shapeKey], [3, 18, '1,;2,;']);
});

test('without a batch axis a job is one row', () => {
  assert.equal(testJob({ inputs: [flag], maxBatchSize: 0 }).job.rows, 1);
});

test('shapes that differ behind the batch axis have different keys', () => {
  const shapes = [[1], [1, 1], [1, 2], [1, 1, 2], [1, 12], []];
  const keys = shapes.map((shape) => testJob({ inputs: [{ ...flag, shape }, flag] }).job.shapeKey);
  assert.equal(new Set(keys.slice(0, 5)).size, 5);
});

test('outputs come in the order in which they were asked for, or all', () => {
  const outputs = ['a', 'b', 'c'].map((name) => ({ ...flag, name }));
  const names = (asked: readonly string[]) => wanted(outputs, asked).map(({ name }) => name);
  assert.deepEqual(names([]), ['a', 'b', 'c']);
  assert.deepEqual(names(['c', 'a']), ['c', 'a']);
});
