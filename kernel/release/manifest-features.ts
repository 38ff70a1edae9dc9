import { z } from 'zod';
import { columnIndex, tensorName } from './manifest-names.ts';

/** The named features of a manifest: docs/releases.md, "Features". */

const common = {
  name: z.string().min(1),
  description: z.string().optional(),
  unit: z.string().optional(),
  required: z.boolean().default(false),
  tensor: tensorName,
  column: columnIndex.default(0),
};

const numberFeature = z.strictObject({
  ...common,
  type: z.literal('number'),
  default: z.number().optional(),
});
const booleanFeature = z.strictObject({
  ...common,
  type: z.literal('boolean'),
  default: z.boolean().optional(),
});
const categoryFeature = z.strictObject({
  ...common,
  type: z.literal('category'),
  values: z.array(z.string()).min(1).optional(),
  /** The string itself, or its position in `values`. */
  as: z.enum(['string', 'index']).default('string'),
  /** What a category outside `values` does. */
  unknown: z.enum(['error', 'pass']).default('error'),
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
export type CategoryFeature = z.infer<typeof categoryFeature>;
