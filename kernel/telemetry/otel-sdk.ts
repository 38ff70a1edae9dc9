import { resourceFromAttributes } from '@opentelemetry/resources';
import { NodeSDK } from '@opentelemetry/sdk-node';
import { createSpanProcessor } from './otlp/span-processor.ts';
import { randomHex } from './random-hex.ts';
import type { TracingOptions } from './tracing-options.ts';

/** Longest wait for the last spans when the process stops; a dead collector must not hold it. */
const shutdownMs = 3_000;

/** Starts the SDK with OTLP over HTTP/protobuf; the answer shuts it down. */
export const startSdk = ({ service, environment, version, env }: TracingOptions): (() => Promise<void>) => {
  const sdk = new NodeSDK({
    resource: resourceFromAttributes({
      'service.name': env['OTEL_SERVICE_NAME'] ?? service,
      'service.version': version,
      'deployment.environment.name': environment,
    }),
    spanProcessors: [createSpanProcessor()],
    idGenerator: { generateTraceId: randomHex(16), generateSpanId: randomHex(8) },
    metricReaders: [],
    logRecordProcessors: [],
    instrumentations: [],
  });
  sdk.start();
  return () => Promise.race([sdk.shutdown().catch(() => undefined), delay(shutdownMs)]);
};

const delay = (ms: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, ms).unref());
