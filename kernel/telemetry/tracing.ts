import { type Tracer, trace } from '@opentelemetry/api';
import type { TracingOptions } from './tracing-options.ts';

export interface Tracing extends AsyncDisposable {
  readonly tracer: Tracer;
  /** False: no exporter is configured, and spans cost nothing. */
  readonly enabled: boolean;
}

const isConfigured = (env: NodeJS.ProcessEnv): boolean => {
  if (env['OTEL_SDK_DISABLED'] === 'true' || env['OTEL_TRACES_EXPORTER'] === 'none') return false;
  return [
    env['OTEL_EXPORTER_OTLP_ENDPOINT'],
    env['OTEL_EXPORTER_OTLP_TRACES_ENDPOINT'],
    env['OTEL_TRACES_EXPORTER'],
  ].some(Boolean);
};

/**
 * Starts tracing by the standard OTEL_* variables. The SDK costs 70 MB and half a second, so it is
 * imported only when an exporter is configured.
 */
export const startTracing = async (options: TracingOptions): Promise<Tracing> => {
  if (!isConfigured(options.env)) {
    return {
      tracer: trace.getTracer('sluice'),
      enabled: false,
      [Symbol.asyncDispose]: async () => undefined,
    };
  }
  const { startSdk } = await import('./otel-sdk.ts');
  const shutdown = startSdk(options);
  return {
    tracer: trace.getTracer('sluice', options.version),
    enabled: true,
    [Symbol.asyncDispose]: shutdown,
  };
};
