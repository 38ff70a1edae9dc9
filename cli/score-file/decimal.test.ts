import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { decimalOf } from './decimal.ts';

test('a decimal number is the one that Number reads', () =>
  fc.assert(
    fc.property(
      fc.oneof(
        fc.double({ noNaN: true, noDefaultInfinity: true }).map(String),
        fc
          .tuple(fc.maxSafeInteger(), fc.nat(20))
          .map(([whole, decimals]) => (whole / 10 ** decimals).toFixed(decimals)),
        fc.string({ unit: fc.constantFrom(...'0123456789.-'), minLength: 1, maxLength: 17 }),
      ),
      (text) => {
        const number = Number(text);
        assert.ok(Object.is(decimalOf(text), Number.isNaN(number) ? undefined : number), text);
      },
    ),
    { numRuns: 2_000 },
  ));

test('what is written in another way is read too', () =>
  assert.deepEqual(
    ['1e3', '+7', ' 7 ', '-0', '.5', '5.', '007'].map(decimalOf),
    [1000, 7, 7, -0, 0.5, 5, 7],
  ));

test('what is no decimal number is none', () =>
  assert.deepEqual(
    ['', ' ', '.', '-', '-.', '--1', '1.2.3', '1,2', '0x10', '0b1', 'Infinity', '1e999', 'NaN', '７'].filter(
      (text) => decimalOf(text) !== undefined,
    ),
    [],
  ));
