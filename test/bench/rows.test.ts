import assert from 'node:assert/strict';
import { test } from 'node:test';
import { goals } from './report/goals.ts';
import { allRows } from './rows.ts';

const rows = allRows();
const names = new Set(rows.map(({ name }) => name));

test('each row has a name of its own', () => {
  assert.equal(names.size, rows.length);
});

test('a row is compared with rows that exist', () => {
  const others = rows.flatMap(({ against }) => against?.rows ?? []);
  assert.ok(others.length > 0);
  assert.deepEqual(
    others.filter((name) => !names.has(name)),
    [],
  );
});

test('the goals look at rows that exist', () => {
  const seen = new Set<string>();
  for (const { measure } of goals)
    measure((row) => {
      seen.add(row);
      return 1;
    });
  assert.deepEqual(
    [...seen].filter((name) => !names.has(name)),
    [],
  );
});
