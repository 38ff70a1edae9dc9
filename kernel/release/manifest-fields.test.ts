import assert from 'node:assert/strict';
import { test } from 'node:test';
import { stringify } from 'yaml';
import type { Violation } from '../errors/sluice-error.ts';
import { type FieldSchema, fieldSchemaOf, isObject, optionsOf, schemaAt, valueAt } from './field-schema.ts';
import { manifestSchema, parseManifest } from './manifest.ts';
import { PackageError } from './package-error.ts';
import { pathText } from './schema-faults.ts';

/** One of each kind. */
const outputs = {
  number: { tensor: 'y', column: 1, unit: 'EUR', round: 2 },
  interval: { lower: 'l', upper: 'u', level: 0.9, unit: 'EUR', round: 2 },
  label: { tensor: 'c', labels: ['a', 'b', 'c'] },
  best: { tensor: 's', labels: ['a', 'b', 'c'], top: 2, round: 2 },
  cutoff: { tensor: 'p', column: 1, labels: ['no', 'yes'], cutoff: { parameter: 'cut', default: 0.5 } },
};

/** Manifests that have every field between them. */
const examples: readonly Readonly<Record<string, unknown>>[] = [
  {
    apiVersion: 'sluice/v1',
    model: 'm',
    version: '1.0.0',
    description: 'all of it',
    kind: 'onnx',
    features: [
      {
        name: 'n',
        type: 'number',
        description: 'd',
        unit: 'years',
        nullable: true,
        coerce: true,
        minimum: 0,
        maximum: 9,
        integer: true,
        required: false,
        tensor: 'x',
        column: 0,
        default: 1,
      },
      { name: 'b', type: 'boolean', tensor: 'x', column: 1, default: true },
      { name: 'c', type: 'category', tensor: 'k', values: ['a'], as: 'index', unknown: 'pass', default: 'a' },
      { name: 'p', type: 'category', tensor: 'k', column: 1, pattern: '[a-z]{3}', maxLength: 9 },
      { name: 't', type: 'tensor', required: true, tensor: 'i' },
      { name: 'twice', type: 'number', tensor: 'x', column: 2, derived: 'n * 2' },
      { name: 'old', type: 'boolean', tensor: 'x', column: 3, derived: 'n > limit' },
      { name: 'group', type: 'category', tensor: 'g', derived: 'b ? c : p' },
    ],
    outputs: {
      ...outputs,
      object: { fields: outputs },
    },
    constants: { limit: 5, known: ['a', 'b'] },
    parameters: { most: 9 },
    rules: [{ when: 'n > parameters.most', code: 'TOO_MANY', message: 'at most 9', on: 'input' }],
    batching: { maxSize: 64, preferredSizes: [8], maxDelayMs: 1 },
    isolation: 'cell',
    instances: 2,
    maxComputeMs: 100,
    customOperators: ['com.example'],
    evaluation: {
      dataset: 'd.jsonl',
      output: 'number',
      positive: 'a',
      metrics: { mae: 1 },
      gate: { mae: '<= 2' },
    },
    provenance: { source: 's', commit: 'c', dataset: 'd', trainedAt: '2026', by: 'ada' },
  },
  {
    apiVersion: 'sluice/v1',
    model: 'm',
    version: '1.0.0',
    kind: 'upstream',
    upstream: { url: 'grpc://h:1', model: 'm', version: '1', identity: 'i' },
    signature: {
      inputs: [{ name: 'x', datatype: 'FP32', shape: [-1] }],
      outputs: [{ name: 'y', datatype: 'FP32', shape: [-1] }],
      maxBatchSize: 8,
    },
  },
];

type Path = readonly (string | number)[];

/** Paths of all values in a value, its own among them. */
const pathsIn = (value: unknown, path: Path = []): Path[] => {
  if (typeof value !== 'object' || value === null) return [path];
  const entries: [string | number, unknown][] = Array.isArray(value)
    ? [...value.entries()]
    : Object.entries(value);
  return [path, ...entries.flatMap(([key, each]) => pathsIn(each, [...path, key]))];
};

const root = fieldSchemaOf(manifestSchema);

/** A copy with another value at a path; undefined leaves it out. */
const changed = (value: unknown, [key, ...rest]: Path, to: unknown): unknown => {
  if (key === undefined) return to;
  if (Array.isArray(value))
    return value.map((each, index) => (index === key ? changed(each, rest, to) : each));
  assert.ok(isObject(value));
  return { ...value, [key]: changed(value[key], rest, to) };
};

const violationsOf = (manifest: unknown): readonly Violation[] => {
  try {
    parseManifest(stringify(manifest));
    return [];
  } catch (error) {
    assert.ok(error instanceof PackageError, String(error));
    return error.violations;
  }
};

/** That there is a fault at the path, with its line. */
const assertFault = (manifest: unknown, path: Path, message: RegExp): void => {
  const text = JSON.stringify(violationsOf(manifest));
  const found = violationsOf(manifest).filter((each) => message.test(each.message));
  const places = found.map((each) => /^sluice\.yaml:\d+: (.*)$/.exec(each.path)?.[1]);
  assert.ok(places.includes(pathText(path)), `${pathText(path)} is not among ${text}`);
};

const fields = examples.flatMap((example) =>
  pathsIn(example)
    .filter((path) => path.length > 0)
    .map((path) => ({ example, path, name: pathText(path) })),
);

/** Named and known fields of all the options of a schema, under the path that a manifest has them at. */
const namesIn = (schema: FieldSchema, path: string): string[] =>
  (schema.oneOf ?? schema.anyOf ?? [schema]).flatMap(({ properties = {}, items, additionalProperties }) => [
    ...Object.entries(properties).flatMap(([key, each]) => [
      `${path}${key}`,
      ...namesIn(each, `${path}${key}.`),
    ]),
    ...(typeof items === 'object' ? namesIn(items, `${path}*.`) : []),
    ...(typeof additionalProperties === 'object' ? namesIn(additionalProperties, `${path}*.`) : []),
  ]);

test('the examples are good, and have every field of the schema', () => {
  for (const example of examples) assert.deepEqual(violationsOf(example), []);
  const shown = new Set(
    fields.map(({ name }) =>
      name.replaceAll(/(outputs|fields)\.[a-z]\w*/g, '$1.*').replaceAll(/\.\d+/g, '.*'),
    ),
  );
  assert.deepEqual(
    namesIn(root, '').filter((name) => !shown.has(name)),
    [],
  );
});

/** Of a type that the field cannot have. */
const wrongFor = ({ enum: choices }: FieldSchema, value: unknown): unknown => {
  if (choices !== undefined) return 'no-such-choice';
  return typeof value === 'object' ? null : { strange: true };
};

for (const { example, path, name } of fields) {
  const schema = schemaAt(root, example, path);
  test(`a value of the wrong type is named with its line: ${name}`, () => {
    assertFault(changed(example, path, wrongFor(schema, valueAt(example, path))), path, /^expected .*, got /);
  });
}

/** Those with fields of their own names, not of the owner's choice. */
const objects = examples.flatMap((example) =>
  [[] as Path, ...pathsIn(example)]
    .map((path) => ({ example, path, name: pathText(path) || 'the manifest' }))
    .filter(({ path }) => {
      const [value, schema] = [valueAt(example, path), schemaAt(root, example, path)];
      return isObject(value) && optionsOf(schema, value).some(({ properties }) => properties !== undefined);
    }),
);

/** Fields that every option of the schema of a value needs. */
const requiredIn = (schema: FieldSchema, value: unknown): string[] =>
  optionsOf(schema, value)
    .filter((option) => Object.keys(value ?? {}).every((key) => key in (option.properties ?? {})))
    .flatMap((option) => (option as { readonly required?: readonly string[] }).required ?? []);

for (const { example, path, name } of objects) {
  const value = valueAt(example, path);
  const schema = schemaAt(root, example, path);
  for (const key of new Set(requiredIn(schema, value))) {
    // Another kind of output is likelier than one that lacks what tells its kind.
    if (path[0] === 'outputs' && ['labels', 'cutoff', 'top', 'fields'].includes(key)) continue;
    test(`a field that is missing is named with the line of what lacks it: ${name}: ${key}`, () => {
      assertFault(changed(example, [...path, key], undefined), [...path, key], /^is missing: expected /);
    });
  }
  for (const key of Object.keys(value ?? {}).filter((each) => each.length > 2)) {
    test(`a field that is written wrongly is named with what was probably meant: ${name}: ${key}`, () => {
      const slip = `${key}${key.at(-1)}`;
      assertFault(
        changed(example, [...path, slip], 1),
        [...path, slip],
        /^unknown field; did you mean '\w+'\?$/,
      );
    });
  }
  test(`a field that nothing resembles is named with those that there are: ${name}`, () => {
    const strange = [...path, 'qqqqqqqq'];
    assertFault(changed(example, strange, 1), strange, /^unknown field; expected one of \w+/);
  });
}
