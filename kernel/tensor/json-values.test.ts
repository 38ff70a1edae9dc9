import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import type { Datatype } from './datatypes.ts';
import { type JsonScalar, packValues, unpackValues } from './json-values.ts';

const whole = (min: number, max: number) => fc.integer({ min, max });
const fromBits = (bits: number): fc.Arbitrary<JsonScalar> => whole(-(2 ** (bits - 1)), 2 ** (bits - 1) - 1);
const upToBits = (bits: number): fc.Arbitrary<JsonScalar> => whole(0, 2 ** bits - 1);
/** What JSON cannot say as a number comes and goes by its proto3 name. */
const named = (value: number): JsonScalar => (Number.isFinite(value) ? value : String(value));

const valuesOf: Readonly<Partial<Record<Datatype, fc.Arbitrary<JsonScalar>>>> = {
  BOOL: fc.boolean(),
  UINT8: upToBits(8),
  UINT16: upToBits(16),
  UINT32: upToBits(32),
  UINT64: whole(0, Number.MAX_SAFE_INTEGER),
  INT8: fromBits(8),
  INT16: fromBits(16),
  INT32: fromBits(32),
  INT64: fc.maxSafeInteger(),
  FP32: fc.float().map(named),
  FP64: fc.double().map(named),
  BYTES: fc.string({ unit: 'grapheme' }).filter((text) => !text.includes('\0')),
};

/** 64-bit integers come out as bigint. */
const asUnpacked = (datatype: string, value: JsonScalar): JsonScalar =>
  datatype === 'INT64' || datatype === 'UINT64' ? BigInt(value) : value;

for (const [datatype, value] of Object.entries(valuesOf) as [Datatype, fc.Arbitrary<JsonScalar>][]) {
  test(`${datatype} values survive packing and unpacking`, () => {
    fc.assert(
      fc.property(fc.array(value), (values) => {
        const packed = packValues(datatype, values);
        assert.ok('value' in packed);
        const expected = values.map((each) => asUnpacked(datatype, each));
        assert.deepEqual(unpackValues(datatype, packed.value), { value: expected });
      }),
    );
  });
}

const limits: readonly [datatype: Datatype, fits: readonly unknown[], not: readonly unknown[]][] = [
  ['BOOL', [true, false, 0, 1], [2, -1, 'true', null]],
  ['UINT8', [0, 255], [-1, 256, 1.5, '1']],
  ['UINT16', [0, 65_535], [-1, 65_536, Number.NaN]],
  ['UINT32', [0, 4_294_967_295], [-1, 4_294_967_296]],
  ['UINT64', [0, 2 ** 53 - 1], [-1, 2 ** 53]],
  ['INT8', [-128, 127], [-129, 128, true]],
  ['INT16', [-32_768, 32_767], [-32_769, 32_768]],
  ['INT32', [-2_147_483_648, 2_147_483_647], [-2_147_483_649, 2_147_483_648, [1]]],
  ['INT64', [-(2 ** 53) + 1, 2 ** 53 - 1], [-(2 ** 53), 2 ** 53]],
  ['FP32', [-0, 1.5, 'NaN', 'Infinity', '-Infinity'], ['1.5', null, undefined, {}]],
  ['FP64', [Number.MAX_VALUE, Number.NaN], ['nan', true]],
  ['BYTES', ['', 'ä'], [1, null, undefined]],
];

for (const [datatype, fits, not] of limits) {
  test(`the limits of ${datatype} in JSON`, () => {
    for (const value of fits) assert.ok('value' in packValues(datatype, [value]), `${String(value)} fits`);
    for (const value of not) {
      const packed = packValues(datatype, [fits[0], value]);
      assert.ok('error' in packed, `${String(value)} does not fit`);
      assert.match(packed.error, /^element 1: expected .*, got /);
    }
  });
}

for (const datatype of ['FP16', 'BF16'] as const) {
  test(`${datatype} has no JSON form`, () => {
    assert.deepEqual(packValues(datatype, [1]), {
      error: `${datatype} has no JSON form, send it as binary`,
    });
    assert.deepEqual(unpackValues(datatype, Uint8Array.of(0, 60)), {
      error: `${datatype} has no JSON form, ask for binary data`,
    });
  });
}

test('numbers are little-endian', () => {
  assert.deepEqual(packValues('UINT32', [0x01020304]), { value: Uint8Array.of(4, 3, 2, 1) });
  assert.deepEqual(packValues('INT64', [-2]), {
    value: Uint8Array.of(254, 255, 255, 255, 255, 255, 255, 255),
  });
  assert.deepEqual(packValues('FP32', [1]), { value: Uint8Array.of(0, 0, 128, 63) });
});

test('raw data that is not aligned in its buffer is read all the same', () => {
  const buffer = Uint8Array.of(9, 0, 0, 128, 63, 0, 0, 0, 64);
  assert.deepEqual(unpackValues('FP32', buffer.subarray(1)), { value: [1, 2] });
});
