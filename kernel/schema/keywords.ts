import { z } from 'zod';
import { patternFault } from './check-pattern.ts';
import { dialect } from './json-schema.ts';

/**
 * A schema that is given in a file: the part of JSON Schema 2020-12 that named features need, in docs/releases.md,
 * "A schema of its own". Features are single values or lists, so there are two levels: of the features together, and of
 * one value. References lead to a definition of the same file, and definitions have none: nothing is fetched, and
 * nothing refers to itself.
 */

const words = {
  title: z.string().optional(),
  description: z.string().optional(),
  $comment: z.string().optional(),
  deprecated: z.boolean().optional(),
  examples: z.array(z.json()).optional(),
};
const scalar = z.union([z.string(), z.number(), z.boolean(), z.null()]);
const count = z.number().int().min(0);
const typeName = z.enum(['number', 'integer', 'string', 'boolean', 'null', 'array']);

/** Those of ajv-formats that say something of a single value. */
export const formatNames = [
  'date',
  'time',
  'date-time',
  'duration',
  'email',
  'hostname',
  'ipv4',
  'ipv6',
  'uri',
  'uuid',
] as const;

const refusePattern = (
  { pattern, maxLength }: { pattern?: string | undefined; maxLength?: number | undefined },
  context: z.RefinementCtx,
): void => {
  const fault = pattern === undefined ? undefined : patternFault(pattern, maxLength);
  if (fault !== undefined) context.addIssue({ code: 'custom', path: ['pattern'], message: fault });
};

/** What `allOf` and the like hold, on both levels. */
export interface Branches<Inner> {
  readonly allOf?: readonly Inner[] | undefined;
  readonly anyOf?: readonly Inner[] | undefined;
  readonly oneOf?: readonly Inner[] | undefined;
  readonly not?: Inner | undefined;
  readonly if?: Inner | undefined;
  readonly then?: Inner | undefined;
  readonly else?: Inner | undefined;
}

const branches = <Inner extends z.ZodType>(inner: Inner) => ({
  allOf: z.array(inner).min(1).optional(),
  anyOf: z.array(inner).min(1).optional(),
  oneOf: z.array(inner).min(1).optional(),
  not: inner.optional(),
  if: inner.optional(),
  // biome-ignore lint/suspicious/noThenProperty: a keyword of JSON Schema.
  then: inner.optional(),
  else: inner.optional(),
});

type InferAll<Shape extends z.ZodRawShape> = z.infer<z.ZodObject<Shape>>;
type Definition = InferAll<typeof valueKeywords> & Branches<Definition>;
/** What one value must be. */
export type ValueSchema = InferAll<typeof valueKeywords> &
  Branches<ValueSchema> & { readonly $ref?: string | undefined };
/** What features must be together. */
export type FeaturesSchema = InferAll<typeof togetherKeywords> & Branches<FeaturesSchema>;

const valueKeywords = {
  ...words,
  type: z.union([typeName, z.array(typeName).min(1)]).optional(),
  default: z.json().optional(),
  enum: z.array(scalar).min(1).optional(),
  const: scalar.optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  exclusiveMinimum: z.number().optional(),
  exclusiveMaximum: z.number().optional(),
  multipleOf: z.number().gt(0).optional(),
  minLength: count.optional(),
  maxLength: count.optional(),
  pattern: z.string().optional(),
  format: z.enum(formatNames).optional(),
  minItems: count.optional(),
  maxItems: count.optional(),
};

/** A definition: what one value must be. */
const definition: z.ZodType<Definition> = z.lazy(() =>
  z.strictObject({ ...valueKeywords, ...branches(definition) }).superRefine(refusePattern),
);
const value: z.ZodType<ValueSchema> = z.lazy(() =>
  z
    .strictObject({
      ...valueKeywords,
      ...branches(value),
      $ref: z
        .string()
        .regex(/^#\/\$defs\/[^/~]+$/, 'expected #/$defs/<name>: references stay in the file')
        .optional(),
    })
    .superRefine(refusePattern),
);

const names = z.array(z.string());
const togetherKeywords = {
  ...words,
  type: z.literal('object').optional(),
  properties: z.record(z.string(), value).optional(),
  required: names.optional(),
  dependentRequired: z.record(z.string(), names).optional(),
  minProperties: count.optional(),
  maxProperties: count.optional(),
};
const together: z.ZodType<FeaturesSchema> = z.lazy(() =>
  z.strictObject({ ...togetherKeywords, ...branches(together) }),
);

/** A whole file. */
export const schemaFile = z.strictObject({
  ...togetherKeywords,
  ...branches(together),
  $schema: z.literal(dialect).optional(),
  $id: z.string().optional(),
  $defs: z.record(z.string(), definition).default({}),
  /** Names that are no features are refused anyway; any other value than false would say what is not so. */
  additionalProperties: z.literal(false).optional(),
  /** A keyword of ours, in a file beside the releases: those that it is for. */
  versions: z.string().optional(),
});
export type SchemaFile = z.infer<typeof schemaFile>;
