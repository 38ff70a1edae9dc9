import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseRange } from './version-range.ts';

const lies: readonly [range: string, version: string, isIn: boolean][] = [
  ['2.x', '2.9.9', true],
  ['2.x', '3.0.0', false],
  ['2.x', '3.0.0-rc.1', false],
  ['2.x', '2.0.0-rc.1', true],
  ['~2.1', '2.1.5', true],
  ['~2.1', '2.2.0', false],
  ['^2.1', '2.9.0', true],
  ['>=2 <3', '2.5.0', true],
  ['1 || 3', '3.1.0', true],
  ['1.x', '1', true],
  ['*', 'nothing', false],
];

for (const [range, version, isIn] of lies) {
  test(`${version} ${isIn ? 'lies' : 'does not lie'} in ${range}`, () => {
    assert.equal(parseRange(range)?.includes(version), isIn);
  });
}

test('what is no range is not read', () => {
  for (const text of ['', ' ', 'Champion', '1.2.3.4', '>=', '1 ||| 2', `>=${'1'.repeat(300)}`])
    assert.equal(parseRange(text), undefined, text);
});
