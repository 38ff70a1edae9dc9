import { nearMiss } from '../schema/near-miss.ts';
import type { FieldSchema } from './field-schema.ts';
import { optionsOf, schemaAt, valueAt } from './field-schema.ts';

type Path = readonly PropertyKey[];

/** A value and the schema that it was held against. */
export interface Held {
  readonly schema: FieldSchema;
  readonly value: unknown;
}

/** Of a value that is quoted. */
const maxQuoted = 60;

/** As a message shows it. */
export const quoted = (value: unknown): string => {
  const text = JSON.stringify(value) ?? String(value);
  return text.length <= maxQuoted ? text : `${text.slice(0, maxQuoted - 1)}…`;
};

const cameOf = (value: unknown): string => {
  if (value === null) return 'nothing (null)';
  if (Array.isArray(value)) return 'a list';
  return typeof value === 'object' ? 'an object' : `${typeof value} ${quoted(value)}`;
};

const kinds: Readonly<Record<string, string>> = {
  string: 'a string',
  number: 'a number',
  integer: 'a whole number',
  boolean: 'true or false',
  array: 'a list',
  object: 'an object',
};

const wordsOf = (schema: FieldSchema): string[] => {
  if (schema.const !== undefined) return [quoted(schema.const)];
  if (schema.enum !== undefined) return schema.enum.map(quoted);
  return [schema.type ?? []].flat().map((type) => kinds[type] ?? type);
};

/** What a field may be. */
export const expectedAt = ({ schema, value }: Held, path: Path): string => {
  const field = schemaAt(schema, value, path);
  const words = new Set(optionsOf(field, valueAt(value, path)).flatMap(wordsOf));
  return words.size === 0 ? 'a value' : [...words].join(' or ');
};

const isText = (expected: string): boolean => expected === 'a string' || expected.startsWith('"');

/** `expected …, got …`, or that it is missing. */
export const unexpected = (held: Held, path: Path, expected: string): string => {
  const came = valueAt(held.value, path);
  if (came === undefined) return `is missing: expected ${expected}`;
  if (typeof came === 'string') {
    const meant = nearMiss(came, expected.replaceAll('"', '').split(' or '));
    const hint = meant === undefined ? '' : `; did you mean "${meant}"?`;
    return `expected ${expected}, got ${quoted(came)}${hint}`;
  }
  const advice = isText(expected) && typeof came === 'number' ? '; write it in quotes' : '';
  return `expected ${expected}, got ${cameOf(came)}${advice}`;
};
