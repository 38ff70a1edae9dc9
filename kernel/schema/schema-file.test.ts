import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Features } from '../features/value.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import { inputSchemaOf, releaseOf, violationsIn } from '../testing/input-schema.ts';
import { inputSchema } from './input-schema.ts';

const inputs: readonly TensorSpec[] = [
  { name: 'x', datatype: 'FP32', shape: [-1, 2] },
  { name: 'k', datatype: 'BYTES', shape: [-1, 2] },
  { name: 'i', datatype: 'FP32', shape: [-1, -1] },
];
const features = [
  { name: 'age', type: 'number', tensor: 'x', default: 30 },
  { name: 'height', type: 'number', tensor: 'x', column: 1 },
  { name: 'colour', type: 'category', tensor: 'k', values: ['red', 'blue'] },
  { name: 'born', type: 'category', tensor: 'k', column: 1 },
  { name: 'image', type: 'tensor', tensor: 'i' },
];
const told = (file: object, given: Features): string[] =>
  violationsIn(inputSchemaOf(features, inputs, file), { image: [1], ...given }).map(
    ({ path, rule, message }) => `${path} ${rule}: ${message}`,
  );
const age = (value: object) => ({ properties: { age: value } });
const born = (value: object) => ({ properties: { born: { type: 'string', ...value } } });

const refused: readonly [file: object, given: Features, told: string | readonly string[]][] = [
  [
    age({ type: 'number', minimum: 18 }),
    { age: 3 },
    'age range: expected a number of at least 18, got the number 3',
  ],
  [
    age({ type: 'number', exclusiveMaximum: 18 }),
    { age: 18 },
    'age range: expected a number below 18, got the number 18',
  ],
  [
    age({ type: 'number', multipleOf: 5 }),
    { age: 3 },
    'age range: expected a multiple of 5, got the number 3',
  ],
  [age({ type: 'integer' }), { age: 1.5 }, 'age range: expected a whole number, got the number 1.5'],
  [age({ type: 'number' }), { age: 'x' }, "age type: expected a number, got the string 'x'"],
  [age({ type: 'number' }), { age: null }, 'age type: expected a number, got null'],
  [age({ enum: [1, 2] }), { age: 3 }, 'age enum: expected one of 1, 2, got the number 3'],
  [age({ const: 1 }), { age: 3 }, 'age enum: expected 1, got the number 3'],
  [{ required: ['age'] }, {}, 'age required: missing; expected a number'],
  [
    { dependentRequired: { age: ['height'] } },
    { age: 1 },
    'height required: missing where age is given; expected a number',
  ],
  [born({ minLength: 4 }), { born: 'a' }, "born length: expected at least 4 characters, got the string 'a'"],
  [
    born({ format: 'date' }),
    { born: '1.1.' },
    "born format: expected a string of the format date, got the string '1.1.'",
  ],
  [
    born({ pattern: '^1' }),
    { born: '2' },
    "born pattern: expected a string that matches ^1, got the string '2'",
  ],
  [
    { properties: { image: { type: 'array', minItems: 2 } } },
    { image: [1] },
    'image length: expected at least 2 elements, got a list of 1',
  ],
  [
    { properties: { colour: { anyOf: [{ const: 'red' }, { type: 'null' }], title: 'red or nothing' } } },
    { colour: 'blue' },
    "colour schema: expected red or nothing, got the string 'blue'",
  ],
  [
    {
      if: { properties: { colour: { const: 'red' } }, required: ['colour'] },
      // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
      then: { required: ['age', 'height'] },
    },
    { colour: 'red' },
    ['age required: missing; expected a number', 'height required: missing; expected a number'],
  ],
  [
    { $defs: { adult: { type: 'number', minimum: 18 } }, ...age({ $ref: '#/$defs/adult', maximum: 99 }) },
    { age: 3 },
    'age range: expected a number of at least 18, got the number 3',
  ],
  [
    { anyOf: [{ required: ['age'] }, { required: ['height'] }], title: 'age or height' },
    {},
    ' schema: expected age or height',
  ],
  [{ minProperties: 2 }, {}, ' length: expected at least 2 features'],
];

for (const [file, given, expected] of refused) {
  test(`a schema file refuses ${JSON.stringify(given)}: ${expected}`, () => {
    const lines = [expected].flat().map((line) => `features${line.startsWith(' ') ? '' : '.'}${line}`);
    assert.deepEqual(told(file, given), lines);
  });
}

test('a schema file only narrows: what the features refuse is refused all the same', () => {
  assert.deepEqual(told(age({}), { age: 'x' }), ["features.age type: expected a number, got the string 'x'"]);
});

test('a schema file may name every feature and say that there are no others', () => {
  const properties = Object.fromEntries(features.map(({ name }) => [name, {}]));
  assert.deepEqual(told({ properties, additionalProperties: false }, { age: 1 }), []);
});

test('what both say is told once', () => {
  const file = { ...age({ type: 'number' }), required: ['image'] };
  const schema = inputSchemaOf(features, inputs, file);
  assert.deepEqual(
    violationsIn(schema, { age: 'x' }).map(({ path }) => path),
    ['features.age', 'features.image'],
  );
});

const contradictions: readonly [file: object, fault: string][] = [
  [{ properties: { heigth: {} } }, "properties: there is no feature heigth (did you mean 'height'?)"],
  [{ required: ['size'] }, 'required: there is no feature size'],
  [{ dependentRequired: { age: ['size'] } }, 'dependentRequired: there is no feature size'],
  [{ allOf: [{ required: ['size'] }] }, 'required: there is no feature size'],
  [age({ type: 'string' }), 'properties.age.type: the feature is a number, which is never string'],
  [
    { properties: { colour: { enum: ['green'] } } },
    'properties.colour.enum: "green" is no value of the feature',
  ],
  [{ properties: { age: { const: 'old' } } }, 'properties.age.enum: "old" is no value of the feature'],
  [
    {
      properties: Object.fromEntries(features.slice(1).map(({ name }) => [name, {}])),
      additionalProperties: false,
    },
    'additionalProperties: false leaves out age, a feature',
  ],
  [age({ maxLength: 1 }), 'properties.age.maxLength: it says nothing of a number'],
  [
    { $defs: { short: { maxLength: 1 } }, ...age({ anyOf: [{ $ref: '#/$defs/short' }] }) },
    'properties.age.maxLength: it says nothing of a number',
  ],
];

for (const [file, fault] of contradictions) {
  test(`a schema file that contradicts its release is a fault: ${fault}`, () => {
    assert.throws(
      () => inputSchema(releaseOf(features, inputs, file)),
      ({ message }: Error) => message.startsWith(`schema.json: ${fault}`),
    );
  });
}
