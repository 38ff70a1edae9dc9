import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { compileEncoder } from '../features/encode-features.ts';
import type { Features, FeatureValue } from '../features/value.ts';
import type { Datatype } from '../tensor/datatypes.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import { releaseOf, violationsIn } from '../testing/input-schema.ts';
import { inputSchema } from './input-schema.ts';

const numeric: readonly Datatype[] = ['FP32', 'FP64', 'INT8', 'INT32', 'INT64', 'UINT8', 'UINT64'];
const flags = { required: fc.boolean(), coerce: fc.boolean(), nullable: fc.boolean() };
const some = { requiredKeys: ['type' as const] };
const declared = fc.oneof(
  fc.record(
    {
      type: fc.constant('number'),
      ...flags,
      minimum: fc.integer({ min: -9, max: 0 }),
      integer: fc.boolean(),
    },
    some,
  ),
  fc.record({ type: fc.constant('boolean'), ...flags }, some),
  fc.record(
    { type: fc.constant('category'), as: fc.constant('index'), values: fc.constant(['p', 'q']), ...flags },
    { requiredKeys: ['type', 'as', 'values'] },
  ),
  fc.record({ type: fc.constant('category'), ...flags, maxLength: fc.nat(3).map((n) => n + 1) }, some),
);
const isText = (feature: object): boolean =>
  'type' in feature && feature.type === 'category' && !('as' in feature);

/** Features of every kind, each with a tensor of its own. */
const release = fc
  .array(fc.tuple(declared, fc.constantFrom(...numeric)), { minLength: 1, maxLength: 5 })
  .map((rows) => {
    const features = rows.map(([feature], index) => ({ ...feature, name: `f${index}`, tensor: `x${index}` }));
    const inputs = rows.map(
      ([feature, datatype], index): TensorSpec => ({
        name: `x${index}`,
        datatype: isText(feature) ? 'BYTES' : datatype,
        shape: [-1],
      }),
    );
    return releaseOf(features, inputs);
  });
const value: fc.Arbitrary<FeatureValue> = fc.oneof(
  fc.constantFrom<FeatureValue>(
    null,
    true,
    'p',
    'zz',
    '1.5',
    'true',
    'a\0',
    1e300,
    300,
    -1,
    1.5,
    Number.NaN,
    [1],
    {},
  ),
  fc.integer({ min: -300, max: 300 }),
  fc.double(),
  fc.string({ maxLength: 5 }),
);
const given: fc.Arbitrary<Features> = fc.dictionary(
  fc.constantFrom('f0', 'f1', 'f2', 'f3', 'f4', 'f5', 'g'),
  value,
);

test('what a schema takes can be encoded', () => {
  fc.assert(
    fc.property(release, given, (one, features) => {
      const checked = inputSchema(one).check(features);
      if ('value' in checked) compileEncoder(one)(checked.value);
    }),
  );
});

test('each violation names a feature that is declared or was given, once for each rule', () => {
  fc.assert(
    fc.property(release, given, (one, features) => {
      const names = new Set([
        ...Object.keys(features),
        ...(one.manifest?.features ?? []).map(({ name }) => name),
      ]);
      const violations = violationsIn(inputSchema(one), features);
      for (const { path } of violations) assert.ok(names.has(path.slice('features.'.length)), path);
      const told = violations.map(({ path, rule }) => `${path} ${rule}`);
      assert.equal(new Set(told).size, told.length);
    }),
  );
});

/** What JSON can say. */
const isJson = (features: Features): boolean =>
  Object.values(features).every((each) => typeof each !== 'number' || Number.isFinite(each));

test('the schema as it is told takes what is taken, and refuses what is refused', () => {
  fc.assert(
    fc.property(release, given.filter(isJson), (one, features) => {
      const schema = inputSchema(one);
      const told = new Ajv2020({ allowUnionTypes: true }).compile(JSON.parse(schema.text));
      const checked = schema.check(features);
      const isCoerced = one.manifest?.features.some((each) => each.type !== 'tensor' && each.coerce);
      if ('value' in checked) assert.ok(told(checked.value));
      else if (isCoerced !== true) assert.ok(!told(features));
    }),
    { numRuns: 20 },
  );
});
