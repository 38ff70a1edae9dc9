import assert from 'node:assert/strict';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { test } from 'node:test';
import { factsOfMetric, metricNames } from '@sluice/kernel/evaluation/metric-names';
import { manifestSchema } from '@sluice/kernel/release/manifest';
import { revisionContent } from '@sluice/kernel/revision/revision';
import { rowsUnder } from '../support/markdown.ts';
import { repository } from '../support/process.ts';

const page = readFileSync(join(repository, 'docs/releases.md'), 'utf8');

const streamsPage = readFileSync(join(repository, 'docs/streams.md'), 'utf8');

/** What this test reads of a JSON Schema. */
interface Schema {
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly default?: unknown;
  readonly properties?: Readonly<Record<string, Schema>>;
  readonly required?: readonly string[];
  readonly additionalProperties?: Schema | boolean;
  readonly items?: Schema | boolean;
  readonly oneOf?: readonly Schema[];
  readonly anyOf?: readonly Schema[];
}
type Field = readonly [name: string, form: string, fallback: string];

const schemaOf = (schema: { toJSONSchema(options: { io: 'input' }): unknown }): Schema =>
  schema.toJSONSchema({ io: 'input' }) as Schema;

const formOf = ({ const: constant, enum: choices, type = '', anyOf }: Schema): string => {
  if (anyOf !== undefined) return anyOf.map(formOf).join(' or ');
  if (constant !== undefined) return String(constant);
  if (choices !== undefined) return choices.join(' or ');
  const words: Record<string, string> = { integer: 'whole number', array: 'list' };
  return [type]
    .flat()
    .map((word) => words[word] ?? word)
    .join(' or ');
};

const fallbackOf = ({ default: fallback }: Schema, isRequired: boolean): string => {
  if (isRequired) return 'required';
  if (fallback === undefined || fallback === '') return 'none';
  return typeof fallback === 'object' ? 'empty' : String(fallback);
};

/** The fields of a schema, those of nested objects and lists under their path. */
const fieldsOf = (schema: Schema, path = '', isRequired = false): Field[] => {
  const { properties, additionalProperties: values, items, required = [] } = schema;
  if (properties !== undefined) {
    return Object.entries(properties).flatMap(([name, field]) =>
      fieldsOf(field, path === '' ? name : `${path}.${name}`, required.includes(name)),
    );
  }
  if (typeof values === 'object' && values.anyOf === undefined) return fieldsOf(values, `${path}.<name>`);
  if (typeof items === 'object' && items.properties !== undefined) return fieldsOf(items, `${path}[]`);
  return [[path, formOf(schema), fallbackOf(schema, isRequired)]];
};

const sorted = (fields: readonly (readonly (string | undefined)[])[]): string[] =>
  fields.map((field) => field.join(' | ')).sort();

/** Rows `| field | form | default | meaning |`. */
const rows = (heading: string, of: string = page): string[] =>
  sorted(rowsUnder(of, heading).map(([name, form, fallback]) => [name, form, fallback]));

/** Of rows `| field | of | form | default | meaning |` those of one kind. */
const rowsOfKind = (heading: string, kind: string): string[] =>
  sorted(
    rowsUnder(page, heading)
      .filter(([, of = '']) => of === 'all' || of.split(', ').includes(kind))
      .map(([name, , form, fallback]) => [name, form, fallback]),
  );

const manifest = schemaOf(manifestSchema);

test('docs/releases.md has every field of a manifest, both ways', () => {
  assert.deepEqual(rows('Manifest'), sorted(fieldsOf(manifest)));
});

const inStream = 'streams[].';
const revision = fieldsOf(schemaOf(revisionContent));

test('docs/releases.md has every field of a revision but those of streams, both ways', () => {
  const fields: readonly Field[] = [
    ...revision.filter(([name]) => !name.startsWith(inStream)),
    ['streams', 'list', 'empty'],
  ];
  assert.deepEqual(rows('Revision'), sorted(fields));
});

test('docs/streams.md has every field of a stream, both ways', () => {
  const fields = revision.filter(([name]) => name.startsWith(inStream));
  assert.deepEqual(
    rows('Settings', streamsPage),
    sorted(fields.map(([name, ...rest]) => [name.slice(inStream.length), ...rest])),
  );
});

const measuredOn = {
  value: 'a number',
  score: 'a number',
  label: 'a label or cut-off',
  interval: 'an interval',
} as const;

test('docs/releases.md has every metric, both ways', () => {
  const rowsOfPage = rowsUnder(page, 'Evaluation').map(([name, of, better]) => [name, of, better]);
  const known = metricNames.map((name) => {
    const { kind, better = 'neither' } = factsOfMetric(name);
    return [name, measuredOn[kind], better];
  });
  assert.deepEqual(sorted(rowsOfPage), sorted(known));
});

const features = manifest.properties?.['features']?.items;
for (const feature of (typeof features === 'object' && features.oneOf) || []) {
  const kind = String(feature.properties?.['type']?.const);
  test(`docs/releases.md has every field of a feature of type ${kind}, both ways`, () => {
    const fields = fieldsOf(feature).map(([name, form, fallback]) =>
      name === 'type' ? [name, 'string', fallback] : [name, form, fallback],
    );
    assert.deepEqual(rowsOfKind('Features', kind), sorted(fields));
  });
}

/** By a field that no other kind before it has. */
const kindOf = ({ properties = {} }: Schema): string => {
  if ('fields' in properties) return 'object';
  if ('top' in properties) return 'top';
  if ('cutoff' in properties) return 'cut-off';
  if ('labels' in properties) return 'label';
  return 'lower' in properties ? 'interval' : 'number';
};

const outputs = manifest.properties?.['outputs']?.additionalProperties;
for (const output of (typeof outputs === 'object' && outputs.anyOf) || []) {
  test(`docs/releases.md has every field of an output that is a ${kindOf(output)}, both ways`, () => {
    assert.deepEqual(rowsOfKind('Outputs', kindOf(output)), sorted(fieldsOf(output)));
  });
}

test('every kind that the page knows is one of the schema', () => {
  const known = new Set([
    ...['all', 'number', 'boolean', 'category', 'tensor'],
    ...['interval', 'label', 'top', 'cut-off', 'object'],
  ]);
  for (const heading of ['Features', 'Outputs'])
    for (const [name, of = ''] of rowsUnder(page, heading))
      for (const kind of of.split(', ')) assert.ok(known.has(kind), `${name}: ${kind}`);
});
