import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Features } from '../features/value.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import { inputSchemaOf, violationsIn } from '../testing/input-schema.ts';

const inputs: readonly TensorSpec[] = [
  { name: 'x', datatype: 'FP32', shape: [-1, 3] },
  { name: 'k', datatype: 'BYTES', shape: [-1, 3] },
  { name: 'i', datatype: 'FP32', shape: [-1, -1] },
];
const schema = inputSchemaOf(
  [
    { name: 'age', type: 'number', tensor: 'x', required: true },
    { name: 'height', type: 'number', tensor: 'x', column: 1 },
    { name: 'member', type: 'boolean', tensor: 'x', column: 2 },
    { name: 'colour', type: 'category', tensor: 'k', values: ['red', 'blue'] },
    { name: 'city', type: 'category', tensor: 'k', column: 1, values: ['Rome'], unknown: 'pass' },
    { name: 'street', type: 'category', tensor: 'k', column: 2 },
    { name: 'image', type: 'tensor', tensor: 'i' },
  ],
  inputs,
);
const least = { age: 1, image: [1] };
const violations = (given: Features) => violationsIn(schema, given);

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
    const given = { ...least, ...features };
    assert.deepEqual(schema.check(given), { value: given });
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
  [
    { colour: 'Red' },
    'colour',
    'enum',
    "expected one of red, blue, got the string 'Red' (did you mean 'red'?)",
  ],
  [
    { heigth: 1 },
    'heigth',
    'unknown',
    "unknown feature (did you mean 'height'?); the release has age, height, member, colour, city, street, image",
  ],
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
    const told = violations({ ...least, ...features }).map(({ allowed: _, ...rest }) => rest);
    assert.deepEqual(told, [{ path: `features.${name}`, rule, message }]);
  });
}

test('every fault is found at once', () => {
  const faults = violations({ height: 'tall', colour: 'green', shoe: 1 });
  assert.deepEqual(
    faults.map(({ path }) => path.slice('features.'.length)),
    ['age', 'height', 'colour', 'image', 'shoe'],
  );
});

test('a long string is shown short', () => {
  const [fault] = violations({ ...least, age: 'x'.repeat(10_000) });
  assert.ok((fault?.message.length ?? 0) < 100);
});

const allowed: readonly [features: Features, allowed: readonly string[]][] = [
  [{ age: null }, ['number']],
  [{ age: 1e300 }, ['number']],
  [{ colour: 'blu' }, ['blue', 'red']],
  [{ member: 1 }, ['boolean']],
  [{ street: 1 }, ['string']],
  [{ image: { a: 1 } }, ['array', 'boolean', 'number', 'string']],
  [{ citty: 1 }, ['city', 'age', 'height', 'member', 'colour', 'street', 'image']],
];

for (const [features, expected] of allowed) {
  test(`a violation says what would be allowed, the likeliest first: ${JSON.stringify(features)}`, () => {
    const [violation] = violations({ ...least, ...features });
    assert.deepEqual(violation?.allowed, expected);
  });
}

test('of a million unknown names as many are looked at as can be told', () => {
  const many = Object.fromEntries(Array.from({ length: 1_000_000 }, (_, index) => [`z${index}`, 1]));
  assert.equal(violations({ ...least, ...many }).length, 64);
});

test('the schema is told as JSON', () => {
  const { title, required, properties, additionalProperties } = JSON.parse(schema.text);
  assert.deepEqual(
    { title, required, additionalProperties, colour: properties.colour },
    {
      title: 'm 1.0.0',
      required: ['age', 'image'],
      additionalProperties: false,
      colour: { type: ['string', 'null'], enum: ['red', 'blue', null] },
    },
  );
});
