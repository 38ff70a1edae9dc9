import { z } from 'zod';
import { columnIndex, tensorName } from './manifest-names.ts';

/** The named outputs of a manifest: docs/releases.md, "Outputs". */

/** Digits after the point that an answer keeps. */
const round = z.number().int().min(0).max(15).optional();
/** Longest list of labels in an answer. */
const maxTop = 100;

const numberOutput = z.strictObject({
  tensor: tensorName,
  column: columnIndex.default(0),
  unit: z.string().optional(),
  round,
});
const intervalOutput = z.strictObject({
  lower: tensorName,
  upper: tensorName,
  level: z.number().gt(0).lt(1).optional(),
  unit: z.string().optional(),
  round,
});
const labelOutput = z.strictObject({ tensor: tensorName, labels: z.array(z.string()).min(1) });
/** The labels with the highest scores, and these. */
const topOutput = z.strictObject({
  tensor: tensorName,
  labels: z.array(z.string()).min(1),
  top: z.number().int().min(1).max(maxTop),
  round,
});
const cutoffOutput = z.strictObject({
  tensor: tensorName,
  column: columnIndex.default(0),
  labels: z.tuple([z.string(), z.string()]),
  /** Below: the first label; at or above: the second. The revision's parameter wins over the default. */
  cutoff: z.strictObject({ parameter: z.string().min(1), default: z.number() }),
});

const plainOutput = z.union([cutoffOutput, topOutput, labelOutput, intervalOutput, numberOutput]);
const objectOutput = z.strictObject({ fields: z.record(z.string(), plainOutput) });

export const output = z.union([...plainOutput.options, objectOutput]);
export type Output = z.infer<typeof output>;
export type NumberOutput = z.infer<typeof numberOutput>;
export type IntervalOutput = z.infer<typeof intervalOutput>;
export type LabelOutput = z.infer<typeof labelOutput>;
export type TopOutput = z.infer<typeof topOutput>;
export type CutoffOutput = z.infer<typeof cutoffOutput>;
export type ObjectOutput = z.infer<typeof objectOutput>;
