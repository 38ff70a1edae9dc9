import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { ByteWriter } from '../../protobuf/byte-writer.ts';
import { messageField, tagged, textField, wire } from '../../protobuf/fields.ts';
import { attributes, count } from './write-span.ts';
import type { WrittenSpan } from './written-span.ts';

type Resource = ReadableSpan['resource'];
type Scope = ReadableSpan['instrumentationScope'];

const writeScope = (out: ByteWriter, { name, version }: Scope): void => {
  tagged(out, 1, wire.bytes).text(name);
  textField(out, 2, version);
};

const writeResource = (out: ByteWriter, resource: Resource): void => {
  attributes(out, 1, resource.attributes);
  count(out, 2);
};

/** Spans of one process, which have its resource; here of one scope, too. */
const writeResourceSpans = (out: ByteWriter, spans: readonly WrittenSpan[]): void => {
  messageField(out, 1, spans[0]?.resource, writeResource);
  for (const own of Map.groupBy(spans, ({ instrumentationScope }) => instrumentationScope).values())
    messageField(out, 2, own, writeScopeSpans);
};

const writeScopeSpans = (out: ByteWriter, spans: readonly WrittenSpan[]): void => {
  messageField(out, 1, spans[0]?.instrumentationScope, writeScope);
  for (const { bytes } of spans) tagged(out, 2, wire.bytes).bytes(bytes);
};

/**
 * ExportTraceServiceRequest (opentelemetry-proto 1.x, collector/trace/v1/trace_service.proto), byte for byte what the
 * SDK's own serializer makes of the spans of one process, for a quarter of its work.
 */
export const writeSpans = (out: ByteWriter, spans: readonly WrittenSpan[]): void =>
  messageField(out, 1, spans, writeResourceSpans);
