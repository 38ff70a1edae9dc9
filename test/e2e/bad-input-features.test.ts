import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { type Fixture, startFixture } from './bad-input/fixture.ts';
import { loan } from './bad-input/requests.ts';
import { doorNames, type Row } from './bad-input/row.ts';
import { runRows } from './bad-input/run-rows.ts';

const code = 'INVALID_INPUT';
const noNaN = 'JSON has no NaN and no infinity';

const rows: readonly Row[] = [
  {
    name: 'a required feature that is missing',
    request: { predict: { model: 'loan', features: { income: 1000 } } },
    code,
    message: /features.region: missing; expected a category/,
    violation: 'features.region',
  },
  {
    name: 'null for a required feature',
    request: loan({ income: null }),
    code,
    message: /features.income: missing; expected a number/,
    violation: 'features.income',
  },
  {
    name: 'NaN where a number is required',
    request: loan({ income: Number.NaN }),
    code,
    message: /features.income: expected a finite number, got the number NaN/,
    violation: 'features.income',
    not: { rest: noNaN },
  },
  {
    name: 'infinity where a number is required',
    request: loan({ age: Number.POSITIVE_INFINITY }),
    code,
    message: /features.age: expected a finite number, got the number Infinity/,
    violation: 'features.age',
    not: { rest: noNaN },
  },
  {
    name: "the string 'NaN' in a number feature",
    request: loan({ income: 'NaN' }),
    code,
    message: /features.income: expected a number, got the string 'NaN'/,
    violation: 'features.income',
  },
  {
    name: 'a string in a number feature',
    request: loan({ income: 'much' }),
    code,
    message: /features.income: expected a number, got the string 'much'/,
    violation: 'features.income',
  },
  {
    name: 'a number in a category',
    request: loan({ region: 4 }),
    code,
    message: /features.region: expected a string, got the number 4/,
    violation: 'features.region',
  },
  {
    name: 'a number in a boolean feature',
    request: loan({ employed: 1 }),
    code,
    message: /features.employed: expected true or false, got the number 1/,
    violation: 'features.employed',
  },
  {
    name: 'a list in a number feature',
    request: loan({ income: [1, 2] }),
    code,
    message: /features.income: expected a number, got a list of 2/,
    violation: 'features.income',
  },
  {
    name: 'an object in a category',
    request: loan({ region: { name: 'north' } }),
    code,
    message: /features.region: expected a string, got an object/,
    violation: 'features.region',
  },
  {
    name: 'an unknown category, where the manifest does not let it pass',
    request: loan({ region: 'east' }),
    code,
    message: /features.region: expected one of north, south, got the string 'east'/,
    violation: 'features.region',
  },
  {
    name: 'a category with a NUL, which ONNX Runtime strings cannot carry',
    request: loan({ tag: 'a\0b' }),
    code,
    message: /features.tag: expected a string without NUL/,
    violation: 'features.tag',
  },
  {
    name: 'a fraction for a tensor of INT64',
    request: loan({ months: 1.5 }),
    code,
    message: /features.months: expected a whole number.*, got (the number )?1.5/,
    violation: 'features.months',
  },
  {
    name: 'a fraction for a tensor of INT32',
    request: loan({ children: 1.5 }),
    code,
    message: /features.children: expected a whole number.*, got (the number )?1.5/,
    violation: 'features.children',
  },
  {
    name: 'a number beyond INT32',
    request: loan({ children: 2 ** 31 }),
    code,
    message: /features.children: expected a whole number.*, got (the number )?2147483648/,
    violation: 'features.children',
  },
  {
    name: 'a number beyond INT64',
    request: loan({ months: 1e300 }),
    code,
    message: /features.months: expected a whole number.*, got (the number )?1e\+300/,
    violation: 'features.months',
  },
  {
    name: 'a number beyond FP32',
    request: loan({ income: 1e300 }),
    code,
    message: /features.income: expected a number that FP32 can hold, got (the number )?1e\+300/,
    violation: 'features.income',
  },
  {
    name: 'a missing feature of a release without a manifest, whose features are its tensors',
    request: { predict: { model: 'pair', features: { x1: [1] } } },
    code,
    message: /features.x0: missing; expected a tensor/,
    violation: 'features.x0',
  },
  {
    name: 'a list of the wrong size for a tensor feature',
    request: { predict: { model: 'pair', features: { x0: [1, 2], x1: [1] } } },
    code,
    message: /features.x0: expected 3 elements for \[1,3\], got a list of 2 with 2/,
    violation: 'features.x0',
  },
  {
    name: 'a string with a NUL in a list for a tensor feature',
    request: { predict: { model: 'text', features: { x0: ['b\0'] } } },
    code,
    message:
      /features.x0.data\[0\]: BYTES element 0 holds a NUL byte, which ONNX Runtime strings cannot carry/,
    violation: 'features.x0.data[0]',
  },
  {
    name: 'a string in a list for a tensor feature',
    request: { predict: { model: 'pair', features: { x0: [1, 'two', 3], x1: [1] } } },
    code,
    message: /features.x0: element 1: expected FP32, got "two"/,
    violation: 'features.x0',
  },
];

runRows('features that do not fit', rows);

suite('features that fit all the same', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  for (const door of doorNames) {
    test(`an unknown category passes where the manifest says so, at the door ${door}`, async () => {
      assert.deepEqual(await fixture.doors[door](loan({ tag: 'ancient' })), { answered: ['score'] });
    });
    test(`null for an optional feature is the same as nothing, at the door ${door}`, async () => {
      assert.deepEqual(await fixture.doors[door](loan({ age: null, months: null })), { answered: ['score'] });
    });
  }
});
