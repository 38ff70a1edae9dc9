import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import { stringify } from 'yaml';
import { parseManifest } from '../release/manifest.ts';
import { packValues } from '../tensor/json-values.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { nameOutputs } from './name-outputs.ts';
import { outputSchema } from './output-schema.ts';

const outputs = {
  price: { tensor: 'y', unit: 'EUR', round: 1 },
  name: { tensor: 'k' },
  range: { lower: 'y', upper: 'y', level: 0.9, round: 0 },
  kind: { tensor: 'y', labels: ['a', 'b'] },
  best: { tensor: 'y', labels: ['a', 'b'], top: 1, round: 2 },
  both: { fields: { first: { tensor: 'y' }, second: { tensor: 'y', column: 1 } } },
};
const tensor = (name: string, datatype: 'FP64' | 'BYTES', values: readonly unknown[]): Tensor => {
  const packed = packValues(datatype, values);
  assert.ok('value' in packed);
  return { name, datatype, shape: [1, values.length], data: packed.value };
};
const tensors = [tensor('y', 'FP64', [1.25, 2.345]), tensor('k', 'BYTES', ['x'])];
const signature = {
  inputs: [],
  outputs: [
    { name: 'y', datatype: 'FP64', shape: [-1, 2] },
    { name: 'k', datatype: 'BYTES', shape: [-1, 1] },
  ],
  maxBatchSize: 8,
} as const;
const manifest = parseManifest(stringify({ apiVersion: 'sluice/v1', model: 'm', version: '1', outputs }));

/** Strict: a word that is no JSON Schema fails. */
const ajv = new Ajv2020({ strict: true, keywords: ['unit'] });

test('outputs are rounded, listed and nested as the manifest says, and their schema fits them', () => {
  const release = { manifest, signature };
  const named = nameOutputs(release, tensors, {});
  assert.deepEqual(named, {
    price: 1.3,
    name: 'x',
    range: { lower: 1, upper: 1, level: 0.9 },
    kind: 'b',
    best: [{ label: 'b', score: 2.35 }],
    both: { first: 1.25, second: 2.345 },
  });
  const validate = ajv.compile(outputSchema(release));
  assert.ok(validate(named), JSON.stringify(validate.errors));
  assert.ok(!validate({ ...named, best: [{ label: 'c', score: 1 }] }));
  assert.ok(!validate({ ...named, price: 'x' }));
});

test('without a manifest each tensor is a value or a list', () => {
  const release = { manifest: undefined, signature };
  const validate = ajv.compile(outputSchema(release));
  assert.ok(validate(nameOutputs(release, tensors, {})), JSON.stringify(validate.errors));
});
