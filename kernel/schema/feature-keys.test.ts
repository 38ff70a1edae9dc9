import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Features, FeatureValue } from '../features/value.ts';
import type { Datatype } from '../tensor/datatypes.ts';
import { inputSchemaOf, violationsIn } from '../testing/input-schema.ts';

/** The schema of one feature `a`. */
const schemaOf = (feature: object, datatype: Datatype = 'FP32') =>
  inputSchemaOf([{ name: 'a', tensor: 'x', ...feature }], [{ name: 'x', datatype, shape: [-1] }]);

const number = { type: 'number' };
const category = { type: 'category' };
const told = (feature: object, given: Features, datatype?: Datatype): string[] =>
  violationsIn(schemaOf(feature, datatype), given).map(({ rule, message }) => `${rule}: ${message}`);

const refused: readonly [feature: object, given: Features, told: string, datatype?: Datatype][] = [
  [{ ...number, minimum: 0 }, { a: -1 }, 'range: expected a number of at least 0, got the number -1'],
  [{ ...number, maximum: 9 }, { a: 9.5 }, 'range: expected a number of at most 9, got the number 9.5'],
  [{ ...number, integer: true }, { a: 1.5 }, 'range: expected a whole number, got the number 1.5'],
  [
    { ...number, default: 0, maximum: 9 },
    { a: 1.5 },
    'range: expected a whole number from -128 to 127 for INT8, got the number 1.5',
    'INT8',
  ],
  [
    { ...number, default: 0, maximum: 9 },
    { a: 10 },
    'range: expected a number of at most 9, got the number 10',
    'INT8',
  ],
  [{ ...number }, {}, 'required: missing; expected a number', 'INT8'],
  [{ ...number, nullable: false }, { a: null }, 'type: expected a number, got null'],
  [{ ...number, required: true }, { a: null }, 'required: missing; expected a number'],
  [{ ...number, required: true, nullable: true }, {}, 'required: missing; expected a number'],
  [
    { ...category, pattern: '^[A-Z]+$' },
    { a: 'Ab' },
    "pattern: expected a string that matches ^[A-Z]+$, got the string 'Ab'",
    'BYTES',
  ],
  [
    { ...category, maxLength: 3 },
    { a: 'abcd' },
    "length: expected at most 3 characters, got the string 'abcd'",
    'BYTES',
  ],
  [{ ...number, coerce: true }, { a: 'much' }, "type: expected a number, got the string 'much'"],
  [{ ...number, coerce: true }, { a: '' }, "type: expected a number, got the string ''"],
  [{ ...number, coerce: true }, { a: '1e999' }, "type: expected a number, got the string '1e999'"],
  [{ ...number, coerce: true }, { a: true }, 'type: expected a number, got true'],
  [
    { ...category, coerce: true, values: ['1', '2'] },
    { a: 3 },
    "enum: expected one of 1, 2, got the string '3'",
    'BYTES',
  ],
  [{ ...category, coerce: true }, { a: true }, 'type: expected a string, got true', 'BYTES'],
  [{ type: 'boolean', coerce: true }, { a: 'yes' }, "type: expected true or false, got the string 'yes'"],
];

for (const [feature, given, expected, datatype] of refused) {
  test(`${JSON.stringify(feature)} refuses ${JSON.stringify(given)}: ${expected}`, () => {
    assert.deepEqual(told(feature, given, datatype), [expected]);
  });
}

test('a pattern with no maxLength is held against 256 characters', () => {
  const feature = { ...category, pattern: '^a+$' };
  assert.deepEqual(told(feature, { a: 'a'.repeat(256) }, 'BYTES'), []);
  assert.match(
    told(feature, { a: 'a'.repeat(257) }, 'BYTES').join(),
    /length: expected at most 256 characters/,
  );
});

const taken: readonly [feature: object, given: FeatureValue, becomes: FeatureValue, datatype?: Datatype][] = [
  [{ ...number, minimum: 0, maximum: 9, integer: true }, 9, 9],
  [{ ...number, required: true, nullable: true }, null, null],
  [{ ...number, coerce: true }, '-1.5e3', -1500],
  [{ ...number, coerce: true }, '.5', 0.5],
  [{ type: 'boolean', coerce: true }, 'false', false],
  [{ ...category, coerce: true, values: ['1', '2'] }, 2, '2', 'BYTES'],
  [{ ...category, pattern: '^\\p{L}{2}$' }, 'äb', 'äb', 'BYTES'],
  [{ ...category, as: 'index', values: ['p'], unknown: 'pass' }, 'q', 'q'],
];

for (const [feature, given, becomes, datatype] of taken) {
  test(`${JSON.stringify(feature)} takes ${JSON.stringify(given)}`, () => {
    assert.deepEqual(schemaOf(feature, datatype).check({ a: given }), { value: { a: becomes } });
  });
}

test('what came is not changed where it is taken for something else', () => {
  const given = { a: '5' };
  schemaOf({ ...number, coerce: true }).check(given);
  assert.deepEqual(given, { a: '5' });
});

test('an unknown category may not pass where its index, -1, does not fit the tensor', () => {
  const feature = { ...category, as: 'index', values: ['p'], unknown: 'pass', default: 'p' };
  assert.deepEqual(told(feature, { a: 'q' }, 'UINT8'), ["enum: expected p, got the string 'q'"]);
});
