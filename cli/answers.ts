import { z } from 'zod';

/**
 * The gateway's answers (proto3 JSON of sluice.v1) as far as tables show them. A field with its default value
 * may be left out, and fields that later versions add are passed over.
 */

const text = z.string().default('');

const releaseName = z.object({ name: text, version: text, digest: text });

export const release = z.object({
  release: releaseName.prefault({}),
  description: text,
  state: text,
  reason: text,
  isDefault: z.boolean().default(false),
  blockedReason: text,
  deprecatedReason: text,
  aliases: z.array(text).default([]),
  provenance: z.record(z.string(), z.unknown()).optional(),
});
export type Release = z.infer<typeof release>;

export const modelList = z.object({
  models: z.array(z.object({ name: text, releases: z.array(release).default([]) })).default([]),
});

const tensor = z.object({ name: text, datatype: text, shape: z.array(z.number()).default([]) });

const feature = z.object({
  name: text,
  type: text,
  required: z.boolean().default(false),
  unit: text,
  description: text,
  values: z.array(z.string()).default([]),
});

export const signature = z.object({
  inputs: z.array(tensor).default([]),
  outputs: z.array(tensor).default([]),
  features: z.array(feature).default([]),
  outputNames: z.array(z.string()).default([]),
});
export type Signature = z.infer<typeof signature>;

export const prediction = z.object({
  predictionId: text,
  release: releaseName.prefault({}),
  prediction: z.object({ outputs: z.record(z.string(), z.unknown()).default({}) }).optional(),
  /** In its place, where a rule of the release said no. */
  refusal: z.object({ code: text, message: text }).optional(),
  warnings: z.array(text).default([]),
  timings: z.object({ totalMs: z.number().optional() }).optional(),
  traceId: text,
});

export type Prediction = z.infer<typeof prediction>;

export const inference = z.object({
  model_name: text,
  model_version: text,
  outputs: z
    .array(
      z.object({ name: text, datatype: text, shape: z.array(z.number()).default([]), data: z.unknown() }),
    )
    .default([]),
});

/** `ready`, `unavailable: <reason>`, `blocked: <reason>`, `ready, deprecated: <reason>`. */
export const stateOf = (value: Release): string => {
  const state = value.state.replace(/^RELEASE_STATE_/, '').toLowerCase();
  if (value.blockedReason !== '') return `blocked: ${value.blockedReason}`;
  const whole = value.reason === '' ? state : `${state}: ${value.reason}`;
  return value.deprecatedReason === '' ? whole : `${whole}, deprecated: ${value.deprecatedReason}`;
};
