import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { test } from 'node:test';
import fc from 'fast-check';
import { stringify } from 'yaml';
import { identityModel } from '../testing/onnx-model.ts';
import { parseManifest } from './manifest.ts';
import { onnxFaults } from './onnx-faults.ts';
import { signatureOf } from './onnx-signature.ts';
import { PackageError } from './package-error.ts';
import { parseGolden } from './read-golden.ts';
import { readOnnxModel } from './read-onnx.ts';

/** Changed ONNX files; a fifth as many manifests, whose text takes longer. A hang is ended by the runner. */
const numRuns = Number(process.env['FUZZ_RUNS'] ?? 10_000);
const example = (path: string): Buffer =>
  readFileSync(resolve(import.meta.dirname, '../../models/store', path));

/** One change of a file: a byte, a cut, a piece twice or elsewhere, noise in between. */
const changeOf = (length: number): fc.Arbitrary<(bytes: Buffer) => Buffer> => {
  const at = fc.nat(length);
  return fc.oneof(
    fc.tuple(at, fc.nat(255)).map(([place, value]) => (bytes: Buffer) => {
      const copy = Buffer.from(bytes);
      if (place < copy.length) copy[place] = value;
      return copy;
    }),
    at.map((place) => (bytes: Buffer) => bytes.subarray(0, place)),
    fc.tuple(at, at, at).map(
      ([from, to, place]) =>
        (bytes: Buffer) =>
          Buffer.concat([bytes.subarray(0, place), bytes.subarray(from, to), bytes.subarray(place)]),
    ),
    fc.tuple(at, fc.uint8Array({ maxLength: 12 })).map(
      ([place, noise]) =>
        (bytes: Buffer) =>
          Buffer.concat([bytes.subarray(0, place), noise, bytes.subarray(place)]),
    ),
  );
};

const mutations = (file: Buffer): fc.Arbitrary<Buffer> =>
  fc
    .array(changeOf(file.length), { minLength: 1, maxLength: 4 })
    .map((changes) => changes.reduce((bytes, change) => change(bytes), file));

/** It comes out, or it fails with faults that say something. */
const assertTold = (read: () => unknown): void => {
  try {
    read();
  } catch (error) {
    assert.ok(error instanceof Error, String(error));
    const isExpected = error instanceof PackageError || error.name === 'Error';
    assert.ok(isExpected && error.message.length > 10, error.stack);
    assert.doesNotMatch(
      error.message,
      /undefined|NaN|\[object|call stack|not a function|Cannot read/,
      error.stack,
    );
  }
};

const examine = (bytes: Buffer): void => {
  const model = readOnnxModel(bytes);
  const sizes = new Map([['model.onnx', bytes.length]]);
  for (const fault of onnxFaults(model, { sizes, customOperators: ['com.example'], isNew: true }))
    assert.ok(fault.message.length > 10);
  signatureOf(model);
};

const small = Buffer.from(identityModel([{ datatype: 'FP32', shape: ['N', 3] }]));
for (const [what, file, share] of [
  ['a small graph', small, 0.8],
  ['a tree ensemble', example('churn/1.1.0/model.onnx'), 0.1],
  ['a network', example('digits/1/model.onnx'), 0.1],
] as const)
  test(`a changed ONNX file is read or refused with a reason: ${what}`, () => {
    fc.assert(
      fc.property(mutations(file), (bytes) => assertTold(() => examine(bytes))),
      {
        numRuns: Math.ceil(numRuns * share),
      },
    );
  });

test('a changed manifest is read or refused with a reason', () => {
  const file = Buffer.from(`apiVersion: sluice/v1
model: m
version: 1.0.0
features:
  - { name: age, type: number, tensor: x, default: 1 }
  - &kind { name: kind, type: category, values: [a, b], tensor: k }
outputs: { p: { tensor: y }, range: { lower: l, upper: u, level: 0.9 }, class: { tensor: c, labels: [a, b] } }
batching: { maxSize: 8 }
`);
  fc.assert(
    fc.property(mutations(file), (bytes) => assertTold(() => parseManifest(bytes.toString('utf8')))),
    { numRuns: Math.ceil(numRuns / 5) },
  );
});

test('a manifest of any values is refused with a reason', () => {
  const value = fc.object({
    maxDepth: 4,
    withBigInt: false,
    key: fc.oneof(
      fc.string(),
      fc.constantFrom('features', 'outputs', 'version', 'type', 'tensor', '__proto__', 'constructor'),
    ),
  });
  const features = fc.array(value, { maxLength: 3 });
  const manifests = fc.record({
    apiVersion: fc.constant('sluice/v1'),
    features,
    outputs: value,
    batching: value,
  });
  const read = (manifest: object) => assertTold(() => parseManifest(stringify(manifest)));
  fc.assert(fc.property(manifests, read), { numRuns: Math.ceil(numRuns / 20) });
});

test('changed golden cases are read or refused with a reason', () => {
  const file = example('digits/1/golden.jsonl').subarray(0, 2000);
  fc.assert(
    fc.property(mutations(file), (bytes) => assertTold(() => parseGolden(bytes.toString('utf8')))),
    {
      numRuns: Math.ceil(numRuns / 20),
    },
  );
});
