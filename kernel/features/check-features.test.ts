import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { parseManifest } from '../release/manifest.ts';
import { checkFeatures } from './check-features.ts';
import type { Features } from './value.ts';

const { features: declared } = parseManifest(
  stringify({
    apiVersion: 'sluice/v1',
    model: 'm',
    version: '1',
    features: [
      { name: 'age', type: 'number', tensor: 'x', required: true },
      { name: 'height', type: 'number', tensor: 'x', column: 1 },
      { name: 'member', type: 'boolean', tensor: 'x', column: 2 },
      { name: 'colour', type: 'category', tensor: 'k', values: ['red', 'blue'] },
      { name: 'city', type: 'category', tensor: 'k', column: 1, values: ['Rome'], unknown: 'pass' },
      { name: 'street', type: 'category', tensor: 'k', column: 2 },
      { name: 'image', type: 'tensor', tensor: 'i' },
    ],
  }),
);
const least = { age: 1, image: [1] };

const good: readonly [what: string, features: Features][] = [
  ['only what is required', {}],
  ['null where nothing is required', { height: null, member: null, colour: null, city: null }],
  ['everything', { height: -0.5, member: false, colour: 'blue', city: 'Rome', street: 'any' }],
  ['an unknown category that may pass', { city: 'Paris' }],
  ['an empty string in a category without a list', { street: '' }],
  ['lists of lists in a tensor', { image: [[1, 2], [3]] }],
];

for (const [what, features] of good) {
  test(`features fit: ${what}`, () => {
    assert.deepEqual(checkFeatures(declared, { ...least, ...features }), []);
  });
}

const bad: readonly [features: Features, path: string, rule: string, message: string][] = [
  [{ age: null }, 'age', 'required', 'missing; expected a number'],
  [{ image: null }, 'image', 'required', 'missing; expected a tensor'],
  [{ age: '41' }, 'age', 'type', "expected a number, got the string '41'"],
  [{ age: true }, 'age', 'type', 'expected a number, got true'],
  [{ age: [1, 2] }, 'age', 'type', 'expected a number, got a list of 2'],
  [{ age: {} }, 'age', 'type', 'expected a number, got an object'],
  [{ age: Number.NaN }, 'age', 'type', 'expected a finite number, got the number NaN'],
  [
    { height: Number.NEGATIVE_INFINITY },
    'height',
    'type',
    'expected a finite number, got the number -Infinity',
  ],
  [{ member: 1 }, 'member', 'type', 'expected true or false, got the number 1'],
  [{ member: 'true' }, 'member', 'type', "expected true or false, got the string 'true'"],
  [{ colour: 'green' }, 'colour', 'enum', "expected one of red, blue, got the string 'green'"],
  [{ colour: 'Red' }, 'colour', 'enum', "expected one of red, blue, got the string 'Red'"],
  [{ colour: 1 }, 'colour', 'type', 'expected a string, got the number 1'],
  [
    { street: 'a\0b' },
    'street',
    'text',
    'expected a string without NUL, which ONNX Runtime strings cannot carry, got one at character 1',
  ],
  [{ city: 1 }, 'city', 'type', 'expected a string, got the number 1'],
  [
    { size: 1 },
    'size',
    'unknown',
    'unknown feature; the release has age, height, member, colour, city, street, image',
  ],
];

for (const [features, name, rule, message] of bad) {
  test(`features do not fit: ${name}: ${message}`, () => {
    assert.deepEqual(checkFeatures(declared, { ...least, ...features }), [
      { path: `features.${name}`, rule, message },
    ]);
  });
}

test('every fault is found at once', () => {
  const faults = checkFeatures(declared, { height: 'tall', colour: 'green', shoe: 1 });
  assert.deepEqual(
    faults.map(({ path }) => path.slice('features.'.length)),
    ['age', 'height', 'colour', 'image', 'shoe'],
  );
});

test('a long string is shown short', () => {
  const [fault] = checkFeatures(declared, { ...least, age: 'x'.repeat(10_000) });
  assert.ok((fault?.message.length ?? 0) < 100);
});
