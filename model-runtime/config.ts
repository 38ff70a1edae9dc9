import { commonShape, count, list, port } from '@sluice/kernel/config/environment';
import { z } from 'zod';

/** The runtime's environment. */
export const runtimeSchema = z.object({
  ...commonShape,
  GRPC_PORT: port().default(8010).describe('gRPC: the link and the plain Open Inference Protocol'),
  METRICS_PORT: port().default(8012).describe('HTTP: /metrics, /livez, /readyz'),
  LOAD_MODELS: list()
    .default([])
    .describe('models to load at start, comma separated; none named: all in the store'),
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
});

export type RuntimeConfig = z.infer<typeof runtimeSchema>;
