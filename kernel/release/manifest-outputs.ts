import { z } from 'zod';
import { columnIndex, tensorName } from './manifest-names.ts';

/** The named outputs of a manifest: docs/releases.md, "Outputs". */

const numberOutput = z.strictObject({
  tensor: tensorName,
  column: columnIndex.default(0),
  unit: z.string().optional(),
});
const intervalOutput = z.strictObject({
  lower: tensorName,
  upper: tensorName,
  level: z.number().gt(0).lt(1).optional(),
  unit: z.string().optional(),
});
const labelOutput = z.strictObject({ tensor: tensorName, labels: z.array(z.string()).min(1) });
const cutoffOutput = z.strictObject({
  tensor: tensorName,
  column: columnIndex.default(0),
  labels: z.tuple([z.string(), z.string()]),
  /** Below: the first label; at or above: the second. The revision's parameter wins over the default. */
  cutoff: z.strictObject({ parameter: z.string().min(1), default: z.number() }),
});

export const output = z.union([cutoffOutput, labelOutput, intervalOutput, numberOutput]);
export type Output = z.infer<typeof output>;
export type NumberOutput = z.infer<typeof numberOutput>;
export type IntervalOutput = z.infer<typeof intervalOutput>;
export type LabelOutput = z.infer<typeof labelOutput>;
export type CutoffOutput = z.infer<typeof cutoffOutput>;
