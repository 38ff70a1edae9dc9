import { commonShape, count, durationMs, list, port } from '@sluice/kernel/config/environment';
import { z } from 'zod';

/** The runtime's environment. */
export const runtimeSchema = z.object({
  ...commonShape,
  GRPC_PORT: port().default(8010).describe('gRPC: the link and the plain Open Inference Protocol'),
  METRICS_PORT: port().default(8012).describe('HTTP: /metrics, /livez, /readyz'),
  LOAD_MODELS: list()
    .default([])
    .describe('models that this runtime may hold, comma separated; none named: all in the store'),
  MAX_LOADED_BYTES: count()
    .default(4 * 1024 * 1024 * 1024)
    .describe('memory of loaded releases, as their files tell: twice their bytes and 1 MiB each'),
  STORE_POLL_MS: durationMs(50).default(1_000).describe('how often the store is looked at'),
  MAX_MESSAGE_BYTES: count()
    .default(64 * 1024 * 1024)
    .describe('largest gRPC message that is received'),
  MAX_QUEUE_ENTRIES: count().default(4096).describe('requests that may wait for one release'),
  MAX_QUEUE_BYTES: count()
    .default(256 * 1024 * 1024)
    .describe('input bytes that may wait for one release'),
  MAX_STREAM_IN_FLIGHT: count()
    .default(64)
    .describe('items of one stream that are read and not yet answered'),
  INTRA_OP_THREADS: count(1, 64)
    .default(1)
    .describe('threads inside one ONNX operator; scale by processes instead'),
  CELL_THRESHOLD_MS: z.coerce
    .number('expected milliseconds')
    .min(0, 'expected milliseconds of at least 0')
    .default(1)
    .describe('a release whose batches take longer is moved into a cell'),
  MAX_CELLS: count(0, 256).default(8).describe('cells of this runtime, of all releases together'),
  MAX_COMPUTE_MS: durationMs(1)
    .default(10_000)
    .describe('longest batch of a cell whose release does not say maxComputeMs'),
  CELL_LOAD_MS: durationMs(1)
    .default(120_000)
    .describe('longest time that a cell may take to load its release'),
  CELL_QUARANTINE_MS: durationMs(1)
    .default(30_000)
    .describe('how long a release whose cells ended twice in a row is not started'),
});

export type RuntimeConfig = z.infer<typeof runtimeSchema>;

/** The environment of a cell: what its runtime adds is not for people, and not in --help. */
export const cellSchema = z.object({
  ...runtimeSchema.shape,
  CELL_RELEASE: z.string().regex(/^[^/]+\/[^/]+$/, 'expected model/version'),
  CELL_DIGEST: z.string(),
});

export type CellConfig = z.infer<typeof cellSchema>;
