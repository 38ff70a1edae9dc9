import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { codes } from './codes.ts';

const page = readFileSync(resolve(import.meta.dirname, '../../docs/errors.md'), 'utf8');

/** Rows of the page's table whose first cell is a code. */
const rows = page
  .split('\n')
  .filter((line) => /^\| `[A-Z_]+` /.test(line))
  .map((line) =>
    line
      .slice(2, -2)
      .split(' | ')
      .map((cell) => cell.trim()),
  );

const expected = Object.entries(codes).map(([code, { grpc, http, httpV2, retryable, when }]) => [
  `\`${code}\``,
  grpc,
  String(http),
  String(httpV2),
  retryable ? 'yes' : 'no',
  when,
]);

test('docs/errors.md shows every code with what it means', () => {
  for (const row of expected) {
    const shown = rows.find(([code]) => code === row[0]);
    assert.deepEqual(shown, row);
  }
});

test('docs/errors.md shows no code that there is not, and none twice', () => {
  assert.deepEqual(
    rows.map(([code]) => code),
    expected.map(([code]) => code),
  );
});
