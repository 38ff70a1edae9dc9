import type { ModelStatistics } from '@sluice/protos/gen/inference/ModelStatistics';
import type { Duration, ReleaseStatistics } from './statistics.ts';

const encode = ({ count, ns }: Duration) => ({ count, ns: Math.round(ns) });

/** Triton's ModelStatistics message. Nothing is cached yet, so the cache counts are zero. */
export const encodeStatistics = (of: ReleaseStatistics): ModelStatistics => ({
  name: of.model,
  version: of.version,
  lastInference: of.lastInferenceMs,
  inferenceCount: of.inferenceCount,
  executionCount: of.executionCount,
  inferenceStats: {
    success: encode(of.success),
    fail: encode(of.fail),
    queue: encode(of.queue),
    computeInput: encode(of.computeInput),
    computeInfer: encode(of.computeInfer),
    computeOutput: encode(of.computeOutput),
    cacheHit: { count: 0, ns: 0 },
    cacheMiss: { count: 0, ns: 0 },
  },
});
