import { OTLPExporterBase } from '@opentelemetry/otlp-exporter-base';
import {
  convertLegacyHttpOptions,
  createOtlpHttpExportDelegate,
} from '@opentelemetry/otlp-exporter-base/node-http';
import { ProtobufTraceSerializer, TraceExporterMetricsHelper } from '@opentelemetry/otlp-transformer';
import type { ReadableSpan, SpanExporter } from '@opentelemetry/sdk-trace';
import { ByteWriter } from '../../protobuf/byte-writer.ts';
import { writeSpans } from './write-spans.ts';
import { WrittenSpan } from './written-span.ts';

/** The SDK's name for an exporter of this kind, in metrics of its own. */
const kind = 'otlp_http_span_exporter';

/**
 * OTLP over HTTP/protobuf, set by the standard OTEL_EXPORTER_OTLP_* variables: the SDK's exporter in all but that its
 * spans are written already.
 */
export const createSpanExporter = (): SpanExporter => {
  const out = new ByteWriter();
  const serializer = {
    ...ProtobufTraceSerializer,
    serializeRequest: (spans: ReadableSpan[]): Uint8Array => {
      out.reset();
      writeSpans(
        out,
        spans.filter((span) => span instanceof WrittenSpan),
      );
      // It is sent later, perhaps more than once.
      return Uint8Array.from(out.written);
    },
  };
  const options = convertLegacyHttpOptions({}, 'TRACES', 'v1/traces', {
    'Content-Type': 'application/x-protobuf',
  });
  return new OTLPExporterBase(
    createOtlpHttpExportDelegate(options, serializer, kind, TraceExporterMetricsHelper, undefined),
  );
};
