import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitBytes } from '../tensor/bytes-elements.ts';
import type { ContentsField, Datatype } from '../tensor/datatypes.ts';
import { unpackValues } from '../tensor/json-values.ts';
import { type Contents, hasContents, packContents } from './contents.ts';

const empty: Contents = {
  boolContents: [],
  intContents: [],
  int64Contents: [],
  uintContents: [],
  uint64Contents: [],
  fp32Contents: [],
  fp64Contents: [],
  bytesContents: [],
};
const contents = (field: ContentsField, values: readonly unknown[]): Contents => ({
  ...empty,
  [field]: values,
});

const whole = (min: number, max: number) => fc.integer({ min, max });
const typed: readonly [datatype: Datatype, field: ContentsField, value: fc.Arbitrary<unknown>][] = [
  ['BOOL', 'boolContents', fc.boolean()],
  ['INT8', 'intContents', whole(-128, 127)],
  ['INT16', 'intContents', whole(-32_768, 32_767)],
  ['INT32', 'intContents', whole(-(2 ** 31), 2 ** 31 - 1)],
  ['UINT8', 'uintContents', whole(0, 255)],
  ['UINT16', 'uintContents', whole(0, 65_535)],
  ['UINT32', 'uintContents', whole(0, 2 ** 32 - 1)],
  // The loader gives 64-bit integers as decimal strings.
  ['INT64', 'int64Contents', fc.bigInt({ min: -(2n ** 63n), max: 2n ** 63n - 1n }).map(String)],
  ['UINT64', 'uint64Contents', fc.bigInt({ min: 0n, max: 2n ** 64n - 1n }).map(String)],
  ['FP32', 'fp32Contents', fc.float({ noNaN: true, noDefaultInfinity: true })],
  ['FP64', 'fp64Contents', fc.double({ noNaN: true, noDefaultInfinity: true })],
];

for (const [datatype, field, value] of typed) {
  test(`typed ${datatype} contents become the raw bytes of the same values`, () => {
    fc.assert(
      fc.property(fc.array(value, { minLength: 1 }), (values) => {
        const packed = packContents(datatype, contents(field, values));
        assert.ok('value' in packed);
        const unpacked = unpackValues(datatype, packed.value);
        assert.ok('value' in unpacked);
        const expected = values.map((each) => (typeof each === 'string' ? BigInt(each) : each));
        assert.deepEqual(unpacked.value, expected);
      }),
    );
  });
}

test('typed BYTES contents become elements behind their lengths', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array().map((bytes) => Buffer.from(bytes))), (elements) => {
      const packed = packContents('BYTES', contents('bytesContents', elements));
      assert.ok('value' in packed);
      assert.deepEqual(splitBytes(packed.value), { value: elements.map((each) => new Uint8Array(each)) });
    }),
  );
});

const bad: readonly [datatype: Datatype, given: Contents, error: string][] = [
  ['INT8', contents('intContents', [1, 128]), 'element 1 is 128, which is no INT8'],
  ['INT8', contents('intContents', [-129]), 'element 0 is -129, which is no INT8'],
  ['INT16', contents('intContents', [32_768]), 'element 0 is 32768, which is no INT16'],
  ['UINT8', contents('uintContents', [256]), 'element 0 is 256, which is no UINT8'],
  ['UINT16', contents('uintContents', [65_536]), 'element 0 is 65536, which is no UINT16'],
  ['FP32', contents('fp64Contents', [1]), 'FP32 comes in fp32_contents, but fp64_contents is filled'],
  [
    'INT64',
    { ...contents('int64Contents', ['1']), intContents: [1] },
    'INT64 comes in int64_contents, but int_contents is filled',
  ],
  ['FP16', contents('fp32Contents', [1]), 'FP16 has no typed contents, it comes as raw contents only'],
  ['BF16', contents('fp32Contents', [1]), 'BF16 has no typed contents, it comes as raw contents only'],
];

for (const [datatype, given, error] of bad) {
  test(`typed contents are refused: ${error}`, () => {
    assert.deepEqual(packContents(datatype, given), { error });
  });
}

test('contents count as given when any field holds something', () => {
  assert.equal(hasContents(null), false);
  assert.equal(hasContents(empty), false);
  for (const field of Object.keys(empty)) assert.ok(hasContents(contents(field as ContentsField, [0])));
});
