import type { JsonSchema } from './json-schema.ts';
import type { SchemaFile } from './keywords.ts';

type Definitions = Readonly<Record<string, unknown>>;

const prefix = '#/$defs/';

/** A schema with each reference replaced by what it leads to; definitions have no references of their own. */
const withoutReferences = (schema: unknown, definitions: Definitions): unknown => {
  if (Array.isArray(schema)) return schema.map((each) => withoutReferences(each, definitions));
  if (typeof schema !== 'object' || schema === null) return schema;
  const entries = Object.entries(schema).filter(([key, each]) => key !== '$ref' || typeof each !== 'string');
  const own = Object.fromEntries(entries.map(([key, each]) => [key, withoutReferences(each, definitions)]));
  if (!('$ref' in schema) || typeof schema.$ref !== 'string') return own;
  const definition = definitions[schema.$ref.slice(prefix.length)];
  if (entries.length === 0) return definition;
  const { allOf = [], ...rest } = own;
  return { ...rest, allOf: [definition, ...(Array.isArray(allOf) ? allOf : [])] };
};

/** A schema file in which each reference is replaced by what it leads to. */
export const withoutDefinitions = ({ $defs, ...file }: SchemaFile): SchemaFile => ({
  ...(withoutReferences(file, $defs) as SchemaFile),
  $defs: {},
});

/**
 * What fits both: the schema of the features and that of a file. `additionalProperties` of the file says nothing
 * more, once it has been checked that it names all features.
 */
export const combineSchemas = (derived: JsonSchema, file: SchemaFile): JsonSchema => {
  const { $schema, $id, $defs, versions, additionalProperties, ...own } = file;
  return { ...derived, allOf: [own] };
};
