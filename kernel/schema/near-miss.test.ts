import assert from 'node:assert/strict';
import { test } from 'node:test';
import { nearMiss } from './near-miss.ts';

const rows: readonly [given: string, candidates: readonly string[], near: string | undefined][] = [
  ['tenur', ['tenure', 'contract'], 'tenure'],
  ['heigth', ['weight', 'height'], 'height'],
  ['monthlyCharges', ['monthly_charges'], 'monthly_charges'],
  ['MONTHLY CHARGES', ['monthly_charges'], 'monthly_charges'],
  ['month to month', ['One year', 'Month-to-month'], 'Month-to-month'],
  ['red', ['Red'], 'Red'],
  ['female', ['male'], undefined],
  ['no', ['yes'], undefined],
  ['b', ['c'], undefined],
  ['', ['a'], undefined],
  ['--', ['__'], undefined],
  ['green', ['red', 'blue'], undefined],
  ['x'.repeat(65), ['x'.repeat(64)], undefined],
];

for (const [given, candidates, near] of rows) {
  test(`what ${given.slice(0, 20)} may have meant among ${String(candidates).slice(0, 20)}: ${near}`, () => {
    assert.equal(nearMiss(given, candidates), near);
  });
}
