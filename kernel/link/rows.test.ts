import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Layout } from '@sluice/protos/gen/sluice/gateway/v1/Layout';
import type { Row } from '@sluice/protos/gen/sluice/gateway/v1/Row';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';
import type { Features, FeatureValue } from '../features/value.ts';
import { maxLayouts, maxNames, rowReader, rowWriter } from './rows.ts';

const { ExchangeRequest } = loadProtos().sluice.gateway.v1;

/** What a frame with these layouts and rows is for the peer that receives it. */
const received = (layouts: readonly Layout[], rows: readonly Row[]) => {
  const entries = rows.map((features) => ({ features }));
  const frame = ExchangeRequest.deserialize(ExchangeRequest.serialize({ layouts: [...layouts], entries }));
  return { layouts: frame.layouts, rows: frame.entries.map(({ features }) => features) };
};

/** Sends rows from a writer to a reader, in one frame. */
const sent = (inputs: readonly Features[]) => {
  const layouts: Layout[] = [];
  const rows = inputs.map(rowWriter((layout) => layouts.push(layout)));
  const frame = received(layouts, rows);
  const reader = rowReader();
  frame.layouts.forEach(reader.declare);
  return { layouts, rows, read: frame.rows.map(reader.read) };
};

const name = fc.oneof(
  fc.constantFrom(
    'a',
    'b',
    'c',
    'tenure',
    '',
    '0',
    '17',
    '__proto__',
    'constructor',
    'toString',
    'hasOwnProperty',
  ),
  fc.string({ maxLength: 3 }),
);
const scalar: fc.Arbitrary<FeatureValue> = fc.oneof(fc.double(), fc.integer(), fc.string(), fc.boolean());
const { value } = fc.letrec<{ value: FeatureValue }>((tie) => ({
  value: fc.oneof(
    { maxDepth: 3 },
    { weight: 6, arbitrary: scalar },
    fc.constant(null),
    fc.array(tie('value'), { maxLength: 3 }),
    fc.dictionary(fc.constantFrom('x', 'y', '__proto__'), tie('value'), { maxKeys: 2 }),
  ),
}));
const features = fc
  .array(fc.tuple(name, value), { maxLength: 8 })
  .map((entries): Features => Object.fromEntries(entries));

/** Compared by value: prototypes are none of the features' business. */
const plain = (given: FeatureValue): unknown => {
  if (given === null || typeof given !== 'object') return given;
  if (Array.isArray(given)) return given.map(plain);
  return new Map(Object.entries(given).map(([key, each]) => [key, plain(each)]));
};

test('what is written is read, whatever the features', () => {
  fc.assert(
    fc.property(fc.array(features, { maxLength: 12 }), (inputs) => {
      assert.deepEqual(sent(inputs).read.map(plain), inputs.map(plain));
    }),
    { numRuns: 1_000 },
  );
});

test('rows with the same names and kinds share a layout, which is declared once', () => {
  const { layouts, rows } = sent([
    { a: 1, b: 'x', c: true },
    { a: 2, b: 'y', c: false },
    { a: 3, b: 4, c: false },
    { a: 5, b: 'z', c: true },
  ]);
  assert.deepEqual(layouts, [
    { id: 1, numbers: ['a'], texts: ['b'], flags: ['c'] },
    { id: 2, numbers: ['a', 'b'], texts: [], flags: ['c'] },
  ]);
  assert.deepEqual(
    rows.map(({ layout }) => layout),
    [1, 1, 2, 1],
  );
  assert.deepEqual(rows[1], { layout: 1, numbers: [2], texts: ['y'], flags: [false] });
});

test('null, lists and objects are among the others and make no layout', () => {
  const { layouts, read } = sent([{ a: 1, b: null }, { b: [1, 'x'], a: 2, c: { d: null } }, { b: null }]);
  assert.deepEqual(layouts, [{ id: 1, numbers: ['a'], texts: [], flags: [] }]);
  assert.deepEqual(read, [{ a: 1, b: null }, { a: 2, b: [1, 'x'], c: { d: null } }, { b: null }]);
});

test('features come out in one order: numbers, texts, flags, others', () => {
  const [read = {}] = sent([{ flag: true, other: null, text: 'x', number: 1 }]).read;
  assert.deepEqual(Object.keys(read), ['number', 'text', 'flag', 'other']);
});

test('a feature of the name __proto__ is a feature, and changes no object', () => {
  const input: Features = JSON.parse('{"__proto__": 5, "a": {"__proto__": {"polluted": true}}}');
  const [read = {}] = sent([input]).read;
  assert.deepEqual(plain(read), plain(input));
  assert.equal(Object.getPrototypeOf(read), Object.prototype);
  assert.equal(({} as Features)['polluted'], undefined);
});

test('once there are as many layouts as there may be, further rows are whole among the others', () => {
  const inputs = Array.from({ length: maxLayouts + 5 }, (_, index) => ({ [`name${index}`]: index, n: 1 }));
  const { layouts, rows, read } = sent([...inputs, ...inputs]);
  assert.equal(layouts.length, maxLayouts);
  assert.deepEqual(Object.keys(rows.at(-1) ?? {}), ['others']);
  assert.equal(rows[maxLayouts + 5]?.layout, 1);
  assert.deepEqual(read, [...inputs, ...inputs]);
});

test('names without end make layouts up to a bound, and all rows arrive', () => {
  const wide = (from: number): Features =>
    Object.fromEntries(Array.from({ length: 30_000 }, (_, index) => [`n${from + index}`, index]));
  const inputs = [wide(0), wide(30_000), wide(60_000), { n0: 1 }, wide(0)];
  const { layouts, rows, read } = sent(inputs);
  assert.deepEqual(
    rows.map(({ layout }) => layout),
    [1, 2, undefined, 3, 1],
  );
  assert.ok(layouts.reduce((sum, { numbers = [] }) => sum + numbers.length, 0) <= maxNames);
  assert.deepEqual(read, inputs);
});

const declared: readonly Layout[] = [
  { id: 1, numbers: ['a', 'b'], texts: ['t'] },
  { id: 2, numbers: ['a'], texts: ['a'] },
  { id: 3, numbers: Array.from({ length: maxNames }, (_, index) => `n${index}`) },
  { id: maxLayouts + 1, numbers: ['a'] },
];

const bad: readonly (readonly [why: string, row: Row, message: RegExp])[] = [
  ['a layout that nobody declared', { layout: 9 }, /layout 9 was not declared on this link/],
  [
    'a layout above the bound',
    { layout: maxLayouts + 1, numbers: [1] },
    /layout 1025 was not declared.*1 to 1024/,
  ],
  [
    'a number too few',
    { layout: 1, numbers: [1], texts: ['x'] },
    /layout 1 has 2 numbers, 1 texts and 0 flags, the row has 1 numbers, 1 texts/,
  ],
  ['a text too many', { layout: 1, numbers: [1, 2], texts: ['x', 'y'] }, /the row has 2 numbers, 2 texts/],
  ['flags where there are none', { layout: 1, numbers: [1, 2], texts: ['x'], flags: [true] }, /and 1 flags/],
  ['values without a layout', { numbers: [1] }, /layout 0 has 0 numbers.*the row has 1 numbers/],
  [
    'a layout with one name twice',
    { layout: 2, numbers: [1], texts: ['x'] },
    /layout 2 cannot be used: it has one name twice/,
  ],
  [
    'a layout of too many names',
    { layout: 3 },
    /layout 3 cannot be used: the layouts have more than 65536 names/,
  ],
  [
    'a name in the layout and among the others',
    { layout: 1, numbers: [1, 2], texts: ['x'], others: { fields: { b: { boolValue: true } } } },
    /'b' is in layout 1 and among the row's others/,
  ],
];

for (const [why, row, message] of bad) {
  test(`a row is refused, and its link goes on: ${why}`, () => {
    const reader = rowReader();
    const good: Row = { layout: 1, numbers: [1, 2], texts: ['x'] };
    const { layouts, rows } = received(declared, [row, good]);
    layouts.forEach(reader.declare);
    assert.throws(() => reader.read(rows[0] ?? null), { code: 'MALFORMED_REQUEST', message });
    assert.deepEqual(reader.read(rows[1] ?? null), { a: 1, b: 2, t: 'x' });
  });
}

test('no row at all is a row without values', () => {
  assert.deepEqual(rowReader().read(null), {});
});

test('a name is a name, whatever it means in a program', () => {
  const reader = rowReader();
  const names = ['__proto__', 'constructor', '"', "'];throw 1;//", '\\', '\n', '\u2028', '$name', '', '1'];
  reader.declare({ id: 1, numbers: names, texts: [], flags: [] });
  const numbers = names.map((_, index) => index);
  const read = reader.read({ layout: 1, numbers, texts: [], flags: [], others: null });
  assert.deepEqual(Object.getPrototypeOf(read), Object.prototype);
  for (const [index, name] of names.entries())
    assert.equal(Object.getOwnPropertyDescriptor(read, name)?.value, index, name);
  assert.equal(Object.keys(read).length, names.length);
});
