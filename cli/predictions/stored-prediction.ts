import { z } from 'zod';

/**
 * Records with their feedback as the gateway answers them (proto3 JSON of sluice.v1), as far as commands read them.
 * A field with its default value may be left out, and fields that later versions add are passed over.
 */

const text = z.string().default('');
const object = z.record(z.string(), z.unknown());

const recordedTensor = z.object({
  name: text,
  datatype: text,
  shape: z.array(z.number()).default([]),
  /** Base64. */
  raw: text,
});
export type RecordedTensor = z.infer<typeof recordedTensor>;

const recordedTensors = z.object({
  tensors: z.array(recordedTensor).default([]),
  outputs: z.array(z.string()).default([]),
});

const input = z.object({
  features: object.optional(),
  tensors: recordedTensors.optional(),
  omitted: z.object({ digest: text, size: z.number().default(0) }).optional(),
});

const violation = z.object({ path: text, message: text });

const outcome = z.object({
  prediction: z.object({ outputs: object.default({}) }).optional(),
  tensors: recordedTensors.optional(),
  refusal: z.object({ code: text, message: text }).optional(),
  failure: z.object({ code: text, message: text, violations: z.array(violation).default([]) }).optional(),
});
export type RecordedOutcome = z.infer<typeof outcome>;

const milliseconds = z.number().default(0);

const record = z.object({
  predictionId: text,
  requestId: text,
  time: text,
  door: text,
  gateway: text,
  model: text,
  version: text,
  release: z.object({ name: text, version: text, digest: text }).optional(),
  revision: z.number().default(0),
  synthetic: z.boolean().default(false),
  entityId: text,
  input: input.default({}),
  outcome: outcome.default({}),
  code: text,
  timings: z.object({ queueMs: milliseconds, computeMs: milliseconds, totalMs: milliseconds }).optional(),
  traceId: text,
  client: text,
  parameters: object.optional(),
  redactions: z.array(z.object({ feature: text, how: text })).default([]),
  notReplayable: text,
  warnings: z.array(z.string()).default([]),
});
export type PredictionRecord = z.infer<typeof record>;

const feedback = z.object({
  feedbackId: text,
  label: z.unknown().optional(),
  reward: z.number().optional(),
  correction: object.optional(),
  comment: text,
  author: text,
  time: text,
  received: text,
});
export type GivenFeedback = z.infer<typeof feedback>;

export const storedPrediction = z.object({
  record: record.prefault({}),
  /** The earliest first. */
  feedback: z.array(feedback).default([]),
  traceUrl: text,
});
export type StoredPrediction = z.infer<typeof storedPrediction>;

export const predictionPage = z.object({
  predictions: z.array(z.unknown()).default([]),
  nextPageToken: text,
});

export type OutcomeName = 'prediction' | 'refusal' | 'failure';

export const outcomeOf = ({ refusal, failure }: RecordedOutcome): OutcomeName =>
  failure !== undefined ? 'failure' : refusal !== undefined ? 'refusal' : 'prediction';
