import { parse } from 'yaml';
import { z } from 'zod';
import { linesOf } from '../config/zod-faults.ts';
import { messageOf } from '../errors/message-of.ts';
import { isDatatype } from '../tensor/datatypes.ts';
import { parseVersion } from './version.ts';

/** sluice.yaml: what a release says of itself. The format is described in docs/releases.md. */

const tensorName = z.string().min(1);
const columnIndex = z.number().int().min(0);

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

const feature = z.discriminatedUnion('type', [numberFeature, booleanFeature, categoryFeature, tensorFeature]);
export type Feature = z.infer<typeof feature>;
export type CategoryFeature = z.infer<typeof categoryFeature>;

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

const output = z.union([cutoffOutput, labelOutput, intervalOutput, numberOutput]);
export type Output = z.infer<typeof output>;
export type NumberOutput = z.infer<typeof numberOutput>;
export type IntervalOutput = z.infer<typeof intervalOutput>;
export type LabelOutput = z.infer<typeof labelOutput>;
export type CutoffOutput = z.infer<typeof cutoffOutput>;

const batchSize = z.number().int().min(1);
/** A minute: nobody waits longer for others to be computed with. */
const maxDelayMs = 60_000;

const provenance = z.strictObject({
  source: z.string().optional(),
  commit: z.string().optional(),
  dataset: z.string().optional(),
  trainedAt: z.string().optional(),
  by: z.string().optional(),
});
export type Provenance = z.infer<typeof provenance>;

const declaredTensor = z.strictObject({
  name: tensorName,
  datatype: z.string().refine(isDatatype, 'expected a datatype of the Open Inference Protocol'),
  /** -1: any size. */
  shape: z.array(z.number().int().min(-1)),
});

/** Only where there is no graph to read it from. */
const declaredSignature = z.strictObject({
  inputs: z.array(declaredTensor).min(1),
  outputs: z.array(declaredTensor).min(1),
  maxBatchSize: z.number().int().min(0).optional(),
});
export type DeclaredSignature = z.infer<typeof declaredSignature>;

const upstream = z.strictObject({
  url: z.string(),
  model: z.string().min(1),
  version: z.string().optional(),
  identity: z.string().min(1),
});
/** Cells of one release. */
const maxInstances = 16;

export const manifestSchema = z.strictObject({
  apiVersion: z.literal('sluice/v1'),
  model: z
    .string()
    .regex(/^[A-Za-z0-9][A-Za-z0-9._-]*$/, 'expected letters, digits, dot, dash or underscore'),
  version: z.string().refine((text) => parseVersion(text) !== undefined, 'expected a semantic version'),
  description: z.string().optional(),
  /** Who computes: Sluice's own runtimes from model.onnx, or another server of the Open Inference Protocol. */
  kind: z.enum(['onnx', 'upstream']).default('onnx'),
  upstream: upstream.optional(),
  signature: declaredSignature.optional(),
  features: z.array(feature).default([]),
  outputs: z.record(z.string(), output).default({}),
  batching: z
    .strictObject({
      maxSize: batchSize.optional(),
      preferredSizes: z.array(batchSize).optional(),
      maxDelayMs: z.number().min(0).max(maxDelayMs).optional(),
    })
    .optional(),
  /** In a process of its own, or never; not said: where it is slow. */
  isolation: z.enum(['cell', 'shared']).optional(),
  /** Cells, where it is in cells; not said: one. */
  instances: z.number().int().min(1).max(maxInstances).optional(),
  /** Longest time of one batch in a cell. */
  maxComputeMs: z.number().int().min(1).optional(),
  provenance: provenance.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** @throws Error whose message names every fault with its path. */
export const parseManifest = (text: string): Manifest => {
  const raw = readYaml(text);
  const parsed = manifestSchema.safeParse(raw);
  if (!parsed.success) throw new Error(`sluice.yaml: ${linesOf(parsed.error)}`);
  return parsed.data;
};

const readYaml = (text: string): unknown => {
  try {
    return parse(text);
  } catch (error) {
    throw new Error(`sluice.yaml is not YAML: ${messageOf(error)}`);
  }
};
