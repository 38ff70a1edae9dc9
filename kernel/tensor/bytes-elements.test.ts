import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { bytesOfStrings, decodeText, joinBytes, splitBytes, stringsOfBytes } from './bytes-elements.ts';

test('splitting is the inverse of joining, for any elements', () => {
  fc.assert(
    fc.property(fc.array(fc.uint8Array({ maxLength: 300 })), (elements) => {
      assert.deepEqual(splitBytes(joinBytes(elements)), { value: elements });
    }),
  );
});

test('any bytes either split or give an error, and what splits joins to the same bytes', () => {
  const mostlyLengths = fc.uint8Array({ maxLength: 64, max: 3 });
  fc.assert(
    fc.property(fc.oneof(mostlyLengths, fc.uint8Array({ maxLength: 64 })), (data) => {
      const split = splitBytes(data);
      if ('value' in split) assert.deepEqual(joinBytes(split.value), data);
      else assert.match(split.error, /^element \d+ /);
    }),
  );
});

test('strings without NUL come back as they were', () => {
  const text = fc.string({ unit: 'grapheme' }).filter((value) => !value.includes('\0'));
  fc.assert(
    fc.property(fc.array(text), (strings) => {
      assert.deepEqual(stringsOfBytes(bytesOfStrings(strings)), { value: strings });
    }),
  );
});

test('data that starts in the middle of a buffer is split all the same', () => {
  const framed = Buffer.concat([Buffer.from('xxx'), joinBytes([Buffer.from('ab'), Buffer.from('')])]);
  const split = splitBytes(framed.subarray(3));
  assert.ok('value' in split);
  assert.deepEqual(
    split.value.map((element) => Buffer.from(element).toString()),
    ['ab', ''],
  );
});

const truncated: readonly [what: string, data: readonly number[], error: string][] = [
  ['one byte of a length', [1], 'element 0 has no whole length'],
  ['three bytes of a second length', [1, 0, 0, 0, 65, 2, 0, 0], 'element 1 has no whole length'],
  ['a length beyond the end', [3, 0, 0, 0, 65], 'element 0 should have 3 bytes, 1 are left'],
  [
    'the largest length there is',
    [255, 255, 255, 255, 65],
    'element 0 should have 4294967295 bytes, 1 are left',
  ],
];

for (const [what, data, error] of truncated) {
  test(`truncated BYTES data is an error: ${what}`, () => {
    assert.deepEqual(splitBytes(Uint8Array.from(data)), { error });
  });
}

const badTexts: readonly [what: string, bytes: readonly number[], error: RegExp][] = [
  ['a NUL in the middle', [65, 0, 66], /holds a NUL byte/],
  ['a lone continuation byte', [0x80], /is not UTF-8/],
  ['a character cut short', [0xe2, 0x82], /is not UTF-8/],
  ['a surrogate', [0xed, 0xa0, 0x80], /is not UTF-8/],
];

for (const [what, bytes, error] of badTexts) {
  test(`an element that ONNX Runtime cannot carry is an error: ${what}`, () => {
    const text = decodeText(Uint8Array.from(bytes));
    assert.ok('error' in text);
    assert.match(text.error, error);
    const strings = stringsOfBytes(joinBytes([Buffer.from('good'), Uint8Array.from(bytes)]));
    assert.ok('error' in strings);
    assert.match(strings.error, /^element 1 /);
  });
}

test('a byte order mark is part of the text', () => {
  assert.deepEqual(decodeText(Uint8Array.of(0xef, 0xbb, 0xbf, 65)), { value: '\ufeffA' });
});
