import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { parseManifest } from './manifest.ts';

const least = { apiVersion: 'sluice/v1', model: 'm', version: '1.0.0' };
const parse = (more: object) => parseManifest(stringify({ ...least, ...more }));

test('the least manifest has no features and no outputs', () => {
  assert.deepEqual(parse({}), {
    ...least,
    kind: 'onnx',
    features: [],
    outputs: {},
    constants: {},
    parameters: {},
    rules: [],
  });
});

test('what is left out gets its default', () => {
  const { features, outputs, batching } = parse({
    features: [
      { name: 'age', type: 'number', tensor: 'x' },
      { name: 'kind', type: 'category', values: ['a'], tensor: 'k', default: 'a' },
      { name: 'image', type: 'tensor', tensor: 'i' },
    ],
    outputs: { p: { tensor: 'y' } },
    batching: {},
  });
  assert.deepEqual(features, [
    {
      name: 'age',
      type: 'number',
      tensor: 'x',
      column: 0,
      required: false,
      coerce: false,
      integer: false,
    },
    {
      name: 'kind',
      type: 'category',
      values: ['a'],
      tensor: 'k',
      column: 0,
      required: false,
      coerce: false,
      as: 'string',
      unknown: 'error',
      default: 'a',
    },
    { name: 'image', type: 'tensor', tensor: 'i', column: 0, required: true },
  ]);
  assert.deepEqual(outputs, { p: { tensor: 'y', column: 0 } });
  assert.deepEqual(batching, {});
});

test('outputs are numbers, intervals, labels or cut-offs', () => {
  const outputs = {
    number: { tensor: 'y', column: 1, unit: 'EUR' },
    interval: { lower: 'l', upper: 'u', level: 0.9 },
    label: { tensor: 'c', labels: ['a', 'b', 'c'] },
    cutoff: { tensor: 'p', column: 1, labels: ['no', 'yes'], cutoff: { parameter: 'cut', default: 0.5 } },
  };
  assert.deepEqual(parse({ outputs }).outputs, outputs);
});

const feature = (more: object) => ({ features: [{ name: 'a', type: 'number', tensor: 'x', ...more }] });
const bad: readonly [what: string, more: object, message: RegExp][] = [
  [
    'another format',
    { apiVersion: 'sluice/v2' },
    /^sluice\.yaml:1: apiVersion: expected "sluice\/v1", got "sluice\/v2"/,
  ],
  ['a version that is none', { version: '1.0' }, /version: expected a semantic version, got "1.0"/],
  [
    'a version that is a number',
    { version: 1 },
    /^sluice\.yaml:3: version: expected a string, got number 1; write it in quotes$/,
  ],
  ['a model name with a slash', { model: 'a/b' }, /model: expected letters/],
  ['a model name that climbs', { model: '../m' }, /model: expected letters/],
  [
    'an unknown key',
    { colour: 'red' },
    /^sluice\.yaml:4: colour: unknown field; expected one of apiVersion, /,
  ],
  ['a feature of unknown type', feature({ type: 'date' }), /features\.0\.type: /],
  ['a feature without a tensor', feature({ tensor: undefined }), /features\.0\.tensor: /],
  [
    'a feature with an unknown key',
    feature({ colum: 1 }),
    /features\.0\.colum: unknown field; did you mean 'column'\?$/,
  ],
  ['a feature called as objects have it', feature({ name: 'constructor' }), /features\.0\.name: /],
  ['a maximum that is no number', feature({ maximum: '9' }), /features\.0\.maximum: /],
  [
    'a minimum of a category',
    feature({ type: 'category', minimum: 1 }),
    /features\.0\.minimum: it does not go with the other fields here; /,
  ],
  ['a length of nothing', feature({ type: 'category', maxLength: 0 }), /features\.0\.maxLength: /],
  ['a negative column', feature({ column: -1 }), /features\.0\.column: /],
  ['a default of another type', feature({ default: 'old' }), /features\.0\.default: /],
  ['a category without values', feature({ type: 'category', values: [] }), /features\.0\.values: /],
  ['a tensor that is optional', feature({ type: 'tensor', required: false }), /features\.0\.required: /],
  [
    'an output without a tensor',
    { outputs: { y: { unit: 'EUR' } } },
    /:5: outputs\.y\.tensor: is missing: expected a string$/,
  ],
  ['a batch of nothing', { batching: { maxSize: 0 } }, /batching\.maxSize: /],
  ['a preferred batch of a half', { batching: { preferredSizes: [0.5] } }, /batching\.preferredSizes\.0: /],
  ['a delay of an hour', { batching: { maxDelayMs: 3_600_000 } }, /batching\.maxDelayMs: /],
  ['a delay before now', { batching: { maxDelayMs: -1 } }, /batching\.maxDelayMs: /],
];

for (const [what, more, message] of bad) {
  test(`a manifest is refused with the path of its fault: ${what}`, () => {
    assert.throws(() => parse(more), { message });
  });
}

test('every fault is named at once', () => {
  assert.throws(() => parse({ model: 'a b', version: 'x', features: [{}] }), {
    message: /:2: model: .*:3: version: .*:5: features\.0/,
  });
});

for (const text of ['', 'just words', '- a\n- b', '{"a": ', 'a: [1', '\0']) {
  test(`what is no manifest at all is refused: ${JSON.stringify(text)}`, () => {
    assert.throws(() => parseManifest(text), { message: /^sluice\.yaml/ });
  });
}
