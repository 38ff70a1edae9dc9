import { z } from 'zod';
import { isDatatype } from '../tensor/datatypes.ts';
import { evaluation } from './manifest-evaluation.ts';
import { feature } from './manifest-features.ts';
import { tensorName } from './manifest-names.ts';
import { output } from './manifest-outputs.ts';
import { constants, parameters, rules } from './manifest-rules.ts';
import { type ManifestYaml, readManifestYaml } from './manifest-yaml.ts';
import { PackageError } from './package-error.ts';
import { pathText, schemaFaults } from './schema-faults.ts';
import { parseVersion } from './version.ts';

/** sluice.yaml: what a release says of itself. The format is described in docs/releases.md. */

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
  evaluation: evaluation.optional(),
  constants,
  parameters,
  rules,
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
  /** Domains of operators that are not ONNX Runtime's own; the runtimes have to have them. */
  customOperators: z.array(z.string().min(1)).optional(),
  provenance: provenance.optional(),
});
export type Manifest = z.infer<typeof manifestSchema>;

/** A manifest, and where in its text each field is. */
export interface ManifestText {
  readonly manifest: Manifest;
  readonly lineOf: ManifestYaml['lineOf'];
}

/** @throws PackageError naming every fault with its line and path. */
export const readManifest = (text: string): ManifestText => {
  const { value, lineOf } = readManifestYaml(text);
  const parsed = manifestSchema.safeParse(value);
  if (parsed.success) return { manifest: parsed.data, lineOf };
  const faults = schemaFaults(manifestSchema, value, parsed.error);
  throw new PackageError(
    faults.map(({ path, message }) => ({
      file: 'sluice.yaml',
      line: lineOf(path),
      path: pathText(path) || '(root)',
      message,
    })),
  );
};

/** @throws PackageError naming every fault with its line and path. */
export const parseManifest = (text: string): Manifest => readManifest(text).manifest;
