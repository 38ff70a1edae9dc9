import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { PredictStreamRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamRequest';
import { loadProtos } from '@sluice/protos/load';
import { rowAsker } from './ask-row.ts';
import type { Fields, InputColumn } from './input/input.ts';
import { outputColumns } from './output/output-columns.ts';
import { type ColumnChoice, planColumns } from './plan.ts';
import { bytesOf } from './row.ts';
import type { Target } from './target.ts';
import { requestEncoder } from './wire/encode-request.ts';

const target: Target = {
  model: 'm',
  version: '1.0.0',
  digest: 'sha256:0',
  features: [
    { name: 'age', type: 'number', required: true },
    { name: 'code', type: 'category', required: false },
    { name: 'new', type: 'boolean', required: false },
    { name: 'pixels', type: 'tensor', required: false },
  ],
  outputs: [{ name: 'output.p', kind: 'number' }],
};
const usual: ColumnChoice = { map: new Map(), entityId: undefined, keep: [], ignoreUnknown: false };
const text = (...names: string[]): InputColumn[] => names.map((name, key) => ({ name, key, kind: 'text' }));
const byRow = (...names: string[]): InputColumn[] => names.map((name) => ({ name, key: name, kind: 'json' }));

const { PredictStream } = loadProtos().sluice.v1.PredictionService.service;

/** What is asked, and kept, of a row. */
const ask = (columns: InputColumn[], choice: Partial<ColumnChoice>, fields: Fields) => {
  const plan = planColumns(target, columns, { ...usual, ...choice });
  const [slot] = rowAsker(plan, requestEncoder('m', '1.0.0'), 'r-')([{ fields }], 7);
  const { predict } = PredictStream.requestDeserialize(
    slot?.questions.subarray(slot.start + 5, slot.end) ?? Buffer.alloc(0),
  ) as PredictStreamRequest__Output;
  const { requestId, entityId } = predict ?? {};
  return { requestId, entityId, features: fromStruct(predict?.features ?? null), kept: slot?.kept };
};

test('a cell of CSV is what its feature says; without a text there is no value', () => {
  const columns = text('age', 'code', 'new', 'pixels');
  const features = (...cells: string[]) => ask(columns, {}, cells as unknown as Fields).features;
  assert.deepEqual(features('007', '007', 'TRUE', '[1,2]'), {
    age: 7,
    code: '007',
    new: true,
    pixels: [1, 2],
  });
  assert.deepEqual(features('-1e3', '', '0', ''), { age: -1000, new: false });
  assert.deepEqual(features('0x10', 'ä', 'maybe', 'x'), {
    age: '0x10',
    code: 'ä',
    new: 'maybe',
    pixels: 'x',
  });
  assert.deepEqual(features(' ', '1', '', ''), { age: ' ', code: '1' });
});

test('a row of JSON is sent as it is, with what nobody has seen before', () => {
  const { features } = ask(byRow('age'), {}, { age: '7', code: null, surprise: [1] });
  assert.deepEqual(features, { age: '7', code: null, surprise: [1] });
  assert.deepEqual(ask(byRow('age'), { ignoreUnknown: true }, { age: 1, surprise: 1 }).features, { age: 1 });
});

test('columns are mapped, kept and say what a row is about', () => {
  const choice = { map: new Map([['age', 'years']]), entityId: 'who', keep: ['who', 'note'] };
  const cells = ['7', 'c-1', ''] as unknown as Fields;
  assert.deepEqual(ask(text('years', 'who', 'note'), choice, cells), {
    requestId: 'r-7',
    entityId: 'c-1',
    features: { age: 7 },
    kept: ['c-1', null],
  });
});

test('a row that could not be read is an error that tells where', () => {
  const plan = planColumns(target, text('age'), { ...usual, keep: ['age'] });
  const ask = rowAsker(plan, requestEncoder('m', '1.0.0'), 'r-');
  const rows = [
    { fields: ['1'] as unknown as Fields },
    { fields: undefined, error: 'line 9: no' },
    { fields: ['2'] as unknown as Fields },
  ];
  const [before, slot, behind] = ask(rows, 8);
  assert.deepEqual(slot?.outcome, { kind: 'error', code: 'INVALID_ROW', message: 'line 9: no' });
  assert.deepEqual([slot.kept, bytesOf(slot)], [[null], 0]);
  assert.deepEqual([behind?.row, behind?.start], [10, before?.end], 'the others are asked about');
});

const faults: [what: string, columns: InputColumn[], choice: Partial<ColumnChoice>, message: RegExp][] = [
  [
    'a required feature without a column',
    text('code'),
    {},
    /no columns for features that m 1\.0\.0 requires: 'age'/,
  ],
  ['a column that is no feature', text('age', 'x', 'y'), {}, /no features of m 1\.0\.0: 'x', 'y'; --map/],
  ['a name of JSON that is no feature', byRow('age', 'x'), {}, /no features of m 1\.0\.0: 'x'/],
  [
    'a mapping of no feature',
    text('age'),
    { map: new Map([['agee', 'age']]) },
    /has no feature 'agee'; it has 'age'/,
  ],
  [
    'a mapping of no column',
    text('age'),
    { map: new Map([['code', 'cod']]) },
    /--map: the input has no column 'cod'/,
  ],
  [
    'an entity without a column',
    text('age'),
    { entityId: 'id' },
    /--entity-id: the input has no column 'id'/,
  ],
  ['a column to keep that is not there', text('age'), { keep: ['agee'] }, /--keep: .* did you mean 'age'\?/],
  ['a kept name of the output', text('age', 'outcome'), { keep: 'all' }, /'outcome' is the name of a column/],
];
for (const [what, columns, choice, message] of faults)
  test(`${what} is refused`, () =>
    assert.throws(() => planColumns(target, columns, { ...usual, ...choice }), { code: 'USAGE', message }));

test('the columns of outputs are known from their schema', () => {
  const number = { type: 'number' };
  const schema = {
    properties: {
      price: number,
      label: { enum: ['yes', 'no'] },
      interval: { properties: { lower: number, level: { const: 0.9 } } },
      top: { type: 'array' },
      one: { anyOf: [number, { type: 'array' }] },
      many: { anyOf: [number, { type: 'array' }] },
    },
  };
  const tensors = [
    { name: 'one', shape: [-1, 1] },
    { name: 'many', shape: [-1, 10] },
  ];
  assert.deepEqual(
    outputColumns(schema, tensors).map(({ name, kind }) => `${name}: ${kind}`),
    [
      'output.price: number',
      'output.label: text',
      'output.interval.lower: number',
      'output.interval.level: number',
      'output.top: text',
      'output.one: number',
      'output.many: text',
    ],
  );
});
