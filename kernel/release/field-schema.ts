import type { z } from 'zod';

/** What a JSON Schema says of one field, as far as messages need it. */
export interface FieldSchema {
  readonly $ref?: string;
  readonly $defs?: Readonly<Record<string, FieldSchema>>;
  readonly type?: string | readonly string[];
  readonly const?: unknown;
  readonly enum?: readonly unknown[];
  readonly properties?: Readonly<Record<string, FieldSchema>>;
  readonly additionalProperties?: FieldSchema | boolean;
  readonly items?: FieldSchema | boolean;
  readonly prefixItems?: readonly FieldSchema[];
  readonly oneOf?: readonly FieldSchema[];
  readonly anyOf?: readonly FieldSchema[];
}

type Path = readonly PropertyKey[];

const anything: FieldSchema = {};

export const fieldSchemaOf = (schema: z.ZodType): FieldSchema =>
  schema.toJSONSchema({ io: 'input', unrepresentable: 'any' }) as FieldSchema;

export const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** A property of its own: names of faults come from files, `constructor` too. */
export const valueIn = (value: unknown, key: PropertyKey): unknown =>
  typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<PropertyKey, unknown>)[key]
    : undefined;

export const valueAt = (value: unknown, path: Path): unknown => path.reduce(valueIn, value);

/** Whether a value has what an option fixes, such as `type: number`. */
const isOf = (option: FieldSchema, value: unknown): boolean =>
  Object.entries(option.properties ?? {}).every(
    ([name, { const: fixed }]) =>
      fixed === undefined || valueIn(value, name) === undefined || valueIn(value, name) === fixed,
  );

/** The schemas that may be meant: of a choice those whose fixed fields the value has. */
export const optionsOf = (schema: FieldSchema, value: unknown): readonly FieldSchema[] => {
  const options = schema.oneOf ?? schema.anyOf;
  if (options === undefined) return [schema];
  const fit = options.filter((option) => isOf(option, value));
  return (fit.length > 0 ? fit : options).flatMap((option) => optionsOf(option, value));
};

const below = (schema: FieldSchema, key: PropertyKey): FieldSchema | undefined => {
  if (typeof key === 'number')
    return schema.prefixItems?.[key] ?? (typeof schema.items === 'object' ? schema.items : undefined);
  const { properties = {}, additionalProperties: others } = schema;
  const own = Object.hasOwn(properties, key) ? properties[String(key)] : undefined;
  return own ?? (typeof others === 'object' ? others : undefined);
};

const resolved = (schema: FieldSchema, root: FieldSchema): FieldSchema => {
  if (schema.$ref === undefined) return schema;
  return schema.$ref === '#' ? root : (root.$defs?.[schema.$ref.replace('#/$defs/', '')] ?? anything);
};

/** The schema of a field; an empty one where nothing is known. */
export const schemaAt = (root: FieldSchema, value: unknown, path: Path): FieldSchema => {
  let [schema, at] = [root, value];
  for (const key of path) {
    const found = optionsOf(resolved(schema, root), at).map((option) => below(resolved(option, root), key));
    schema = resolved(found.find((each) => each !== undefined) ?? anything, root);
    at = valueIn(at, key);
  }
  return schema;
};

/** Names of the fields that an object may have there. */
export const knownFields = (schema: FieldSchema, value: unknown): string[] => [
  ...new Set(optionsOf(schema, value).flatMap(({ properties = {} }) => Object.keys(properties))),
];
