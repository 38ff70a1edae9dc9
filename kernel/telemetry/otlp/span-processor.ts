import { getNumberFromEnv } from '@opentelemetry/core';
import { BatchSpanProcessor, type ReadableSpan, type SpanProcessor } from '@opentelemetry/sdk-trace';
import { ByteWriter } from '../../protobuf/byte-writer.ts';
import { isSampled } from '../trace-context.ts';
import { createSpanExporter } from './span-exporter.ts';
import { writeSpan } from './write-span.ts';
import { WrittenSpan } from './written-span.ts';

/** Options of the SDK, by the variables that set them (opentelemetry.io/docs/specs/otel/configuration). */
const variables = {
  maxQueueSize: 'OTEL_BSP_MAX_QUEUE_SIZE',
  maxExportBatchSize: 'OTEL_BSP_MAX_EXPORT_BATCH_SIZE',
  scheduledDelayMillis: 'OTEL_BSP_SCHEDULE_DELAY',
  exportTimeoutMillis: 'OTEL_BSP_EXPORT_TIMEOUT',
} as const;

const optionsFromEnv = (): Readonly<Record<string, number>> =>
  Object.fromEntries(
    Object.entries(variables).flatMap(([option, variable]) => {
      const value = getNumberFromEnv(variable) ?? -1;
      return value < 0 ? [] : [[option, value]];
    }),
  );

/**
 * The SDK's batches, in which a span waits as the bytes that it takes: as the objects that it is made of it would outlive
 * several minor collections.
 */
class WritingProcessor extends BatchSpanProcessor {
  readonly #out = new ByteWriter();

  override onEnd(span: ReadableSpan): void {
    if (!isSampled(span.spanContext())) return;
    this.#out.reset();
    writeSpan(this.#out, span);
    const written = new WrittenSpan(span, Buffer.from(this.#out.written));
    super.onEnd(written as WrittenSpan & ReadableSpan);
  }
}

/** Spans go to the exporter in batches, set by the standard OTEL_BSP_* variables. */
export const createSpanProcessor = (): SpanProcessor =>
  new WritingProcessor({ exporter: createSpanExporter(), ...optionsFromEnv() });
