import { trace } from '@opentelemetry/api';
import { compileEncoder } from '@sluice/kernel/features/encode-features';
import { featuresOf } from '@sluice/kernel/features/features-of';
import { compileNames } from '@sluice/kernel/features/name-outputs';
import type { Features } from '@sluice/kernel/features/value';
import { parseManifest } from '@sluice/kernel/release/manifest';
import type { Release } from '@sluice/kernel/release/release';
import { rulesOf } from '@sluice/kernel/rules/rules-of';
import { inputSchema } from '@sluice/kernel/schema/input-schema';
import { type CallScope, openScope } from '@sluice/kernel/telemetry/call-scope';
import type { Call, Computed, EncodedCall, ResolvedCall } from '../core/call.ts';
import type { ServedRelease } from '../core/served-release.ts';

/** Values of the core for tests: one model `m` that takes `age` and `height` and gives `p`. */

const manifestText = `
apiVersion: sluice/v1
model: m
version: 1.0.0
features:
  - { name: age, type: number, tensor: x, column: 0, required: true }
  - { name: height, type: number, tensor: x, column: 1, default: 2 }
outputs:
  p: { tensor: y }
  old: { tensor: y, labels: ["no", "yes"], cutoff: { parameter: limit, default: 0.5 } }
`;

export const testRelease = (more: Partial<Release> = {}): Release => ({
  model: 'm',
  version: '1.0.0',
  digest: 'sha256:1',
  manifest: parseManifest(manifestText),
  signature: {
    inputs: [{ name: 'x', datatype: 'FP32', shape: [-1, 2] }],
    outputs: [{ name: 'y', datatype: 'FP32', shape: [-1, 1] }],
    maxBatchSize: 8,
  },
  batching: { maxSize: 8, preferredSizes: [], maxDelayMs: 0 },
  ...more,
});

export const served = (release: Release = testRelease()): ServedRelease => ({
  release,
  features: featuresOf(release),
  schema: inputSchema(release),
  encode: compileEncoder(release),
  nameRows: compileNames(release),
  rules: rulesOf(release),
});

export const testScope = (more: Partial<CallScope> = {}): CallScope => {
  const scope = openScope({
    tracer: trace.getTracer('test'),
    door: 'grpc',
    peer: '127.0.0.1:1',
    method: 'test',
    deadlineAt: Number.POSITIVE_INFINITY,
    trace: { traceparent: '', tracestate: '' },
    entityId: undefined,
    attributes: {},
  });
  return Object.defineProperties(scope, Object.getOwnPropertyDescriptors(more));
};

export const testCall = (more: Partial<Call> = {}): Call => ({
  scope: testScope(),
  predictionId: '019a0000-0000-7000-8000-000000000000',
  model: 'm',
  version: '',
  requestId: '',
  entityId: undefined,
  priority: 0,
  timeoutUs: undefined,
  traffic: 'user',
  input: { kind: 'features', features: { age: 40 } },
  ...more,
});

export const resolvedCall = (
  features: Features = { age: 40 },
  more: Partial<ResolvedCall> = {},
): ResolvedCall => ({
  ...testCall({ input: { kind: 'features', features } }),
  dueAt: performance.now() + 60_000,
  trail: {},
  served: served(),
  parameters: {},
  warnings: [],
  ...more,
});

export const encodedCall = (more: Partial<EncodedCall> = {}): EncodedCall => ({
  ...resolvedCall(),
  tensors: served().encode({ age: 40 }),
  outputs: [],
  ...more,
});

/** What a runtime answers: one number in `y`. */
export const computed = (value = 0.75): Computed => ({
  outputs: [
    { name: 'y', datatype: 'FP32', shape: [1, 1], data: new Uint8Array(Float32Array.of(value).buffer) },
  ],
  timings: {
    queueUs: 1,
    computeInputUs: 2,
    computeInferUs: 3,
    computeOutputUs: 4,
    batchSize: 1,
    leadsBatch: true,
  },
});
