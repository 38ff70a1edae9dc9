import assert from 'node:assert/strict';
import { test } from 'node:test';
import { meets, parseBound } from './bound.ts';

const good: readonly [text: string, meeting: number, missing: number][] = [
  ['<= 45', 45, 45.1],
  ['<45', 44.9, 45],
  ['>= 0.8', 0.8, 0.79],
  ['> -1e3', -999, -1000],
  [' <= .5 ', 0.5, 0.6],
];
for (const [text, meeting, missing] of good) {
  test(`'${text}' is met by ${meeting} and not by ${missing}, and never by NaN`, () => {
    const bound = parseBound(text);
    assert.ok('value' in bound);
    assert.deepEqual(
      [meeting, missing, Number.NaN].map((number) => meets(number, bound.value)),
      [true, false, false],
    );
  });
}

for (const text of ['', '45', '= 45', '<= ', '<= many', '<= 45 CAD', '<= 1 <= 2', '=< 45', '<= Infinity']) {
  test(`'${text}' is no bound`, () => {
    assert.deepEqual(parseBound(text), {
      error: `expected a bound such as "<= 45" (<=, <, >= or >, then a number), got '${text}'`,
    });
  });
}
