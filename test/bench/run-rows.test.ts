import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Bench } from './bench.ts';
import type { Row } from './rows/row.ts';
import { runRows } from './run-rows.ts';

/** The rows of this file need nothing of it. */
const bench = {} as Bench;

const rowThat = (name: string, log: string[], more: Partial<Row> = {}): Row => ({
  name,
  title: name,
  section: 'unary',
  needs: [],
  prepare: async () => void log.push(`prepare ${name}`),
  measure: async () => {
    log.push(name);
    return { requestsPerSecond: log.length };
  },
  ...more,
});

const say = (): void => {};

test('every row is checked first, then the rounds go through the rows in turn, once to warm up', async () => {
  const log: string[] = [];
  const rows = [rowThat('a', log), rowThat('end', log, { once: true }), rowThat('b', log)];
  const results = await runRows(bench, { rows, rounds: 2, say });
  assert.deepEqual(log, ['prepare a', 'prepare end', 'prepare b', 'a', 'b', 'a', 'b', 'a', 'b', 'end']);
  assert.deepEqual(
    results.rounds.map((round) => round.get('a')?.requestsPerSecond),
    [6, 8],
  );
  assert.equal(results.single.get('end')?.requestsPerSecond, 10);
  assert.deepEqual(results.failures, []);
});

test('a row with a wrong answer is not measured; the others are', async () => {
  const log: string[] = [];
  const wrong = rowThat('wrong', log, { prepare: () => Promise.reject(new Error('row 3 is wrong')) });
  const results = await runRows(bench, { rows: [wrong, rowThat('a', log)], rounds: 1, say });
  assert.deepEqual(log, ['prepare a', 'a', 'a']);
  assert.deepEqual(
    results.rows.map(({ name }) => name),
    ['a'],
  );
  assert.match(results.failures.join(), /^wrong, the check of its answers: row 3 is wrong$/);
});

test('a round in which a row fails lacks it', async () => {
  const log: string[] = [];
  let left = 3;
  const failing = rowThat('f', log, {
    measure: () => (--left === 0 ? Promise.resolve({ p50Us: 1 }) : Promise.reject(new Error('no'))),
  });
  const results = await runRows(bench, { rows: [failing], rounds: 2, say });
  assert.deepEqual(
    results.rounds.map((round) => round.has('f')),
    [false, true],
  );
  assert.deepEqual(results.failures, ['f, warming up: no', 'f, round 1 of 2: no']);
});
