import { z } from 'zod';
import { columnIndex, tensorName } from './manifest-names.ts';
import { derived } from './manifest-rules.ts';

/** The named features of a manifest: docs/releases.md, "Features". */

/** Objects have more than what was put into them: `constructor` is always there. */
const isFree = (name: string): boolean => !(name in Object.prototype);

const common = {
  name: z.string().min(1).refine(isFree, 'expected a name that is no property of every JavaScript object'),
  description: z.string().optional(),
  unit: z.string().optional(),
  required: z.boolean().default(false),
  tensor: tensorName,
  column: columnIndex.default(0),
};

/** Of what is one value. */
const single = {
  ...common,
  /** Whether null may come, which stands for a missing value; not said: where the feature is not required. */
  nullable: z.boolean().optional(),
  /** Strings that say a number, true or false are taken as such, and numbers as categories. */
  coerce: z.boolean().default(false),
};

const numberFeature = z.strictObject({
  ...single,
  type: z.literal('number'),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  integer: z.boolean().default(false),
  /** Computed of other features; callers do not give it. */
  derived,
  default: z.number().optional(),
});
const booleanFeature = z.strictObject({
  ...single,
  type: z.literal('boolean'),
  derived,
  default: z.boolean().optional(),
});
const categoryFeature = z.strictObject({
  ...single,
  type: z.literal('category'),
  derived,
  values: z.array(z.string()).min(1).optional(),
  /** The string itself, or its position in `values`. */
  as: z.enum(['string', 'index']).default('string'),
  /** What a category outside `values` does. */
  unknown: z.enum(['error', 'pass']).default('error'),
  /** Only without `values`: a regular expression that every category matches. */
  pattern: z.string().min(1).optional(),
  /** Only without `values`; in characters. */
  maxLength: z.number().int().min(1).optional(),
  default: z.string().optional(),
});

/** Fills its whole tensor but the batch axis, by a list (of lists). */
const tensorFeature = z.strictObject({
  ...common,
  type: z.literal('tensor'),
  required: z.literal(true).default(true),
});

export const feature = z.discriminatedUnion('type', [
  numberFeature,
  booleanFeature,
  categoryFeature,
  tensorFeature,
]);
export type Feature = z.infer<typeof feature>;
/** A feature that is one value, and fills one column. */
export type SingleFeature = Exclude<Feature, { type: 'tensor' }>;
export type NumberFeature = z.infer<typeof numberFeature>;
export type CategoryFeature = z.infer<typeof categoryFeature>;

/** Of a feature that callers do not give. */
export const derivedOf = (feature: Feature): string | undefined =>
  feature.type === 'tensor' ? undefined : feature.derived;
