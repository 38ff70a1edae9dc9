import type { Attributes, HrTime, Link } from '@opentelemetry/api';
import type { ReadableSpan } from '@opentelemetry/sdk-trace';
import type { ByteWriter } from '../../protobuf/byte-writer.ts';
import { mapField, messageField, messageFields, tagged, textField, wire } from '../../protobuf/fields.ts';

type Event = ReadableSpan['events'][number];

/** Bits of `flags` beside those of W3C: that it is known where the parent is, and that it is another process. */
const [hasIsRemote, isRemote] = [0x100, 0x200];

export const count = (out: ByteWriter, field: number, value = 0): void =>
  tagged(out, field, wire.varint).varint(value);

const time = (out: ByteWriter, field: number, [seconds, nanoseconds]: HrTime): void =>
  tagged(out, field, wire.fixed64).fixed64(BigInt(seconds) * 1_000_000_000n + BigInt(nanoseconds));

const id = (out: ByteWriter, field: number, hex: string): void => tagged(out, field, wire.bytes).hex(hex);

const isInt64 = (value: unknown): value is number =>
  typeof value === 'number' && Number.isInteger(value) && value >= -(2 ** 63) && value < 2 ** 63;

/** AnyValue: a oneof, whose values are there even when they are its type's default. */
const anyValue = (out: ByteWriter, value: unknown): void => {
  if (typeof value === 'string') tagged(out, 1, wire.bytes).text(value);
  else if (typeof value === 'boolean') count(out, 2, Number(value));
  else if (isInt64(value)) tagged(out, 3, wire.varint).varint64(value);
  else if (typeof value === 'number') tagged(out, 4, wire.double).double(value);
  else if (Array.isArray(value)) messageField(out, 5, value, arrayValue);
};

const arrayValue = (out: ByteWriter, values: readonly unknown[]): void =>
  messageFields(out, 1, values, anyValue);

const keyValue = (out: ByteWriter, value: unknown): void => messageField(out, 2, value, anyValue);

export const attributes = (out: ByteWriter, field: number, given: Attributes | undefined): void =>
  mapField(out, field, given, keyValue);

const writeEvent = (out: ByteWriter, event: Event): void => {
  time(out, 1, event.time);
  tagged(out, 2, wire.bytes).text(event.name);
  attributes(out, 3, event.attributes);
  count(out, 4, event.droppedAttributesCount);
};

const flags = (out: ByteWriter, field: number, traceFlags: number, remote = false): void =>
  tagged(out, field, wire.fixed32).fixed32((traceFlags & 0xff) | hasIsRemote | (remote ? isRemote : 0));

const writeLink = (out: ByteWriter, { context, ...link }: Link): void => {
  id(out, 1, context.traceId);
  id(out, 2, context.spanId);
  textField(out, 3, context.traceState?.serialize());
  attributes(out, 4, link.attributes);
  count(out, 5, link.droppedAttributesCount);
  flags(out, 6, context.traceFlags, context.isRemote);
};

const writeStatus = (out: ByteWriter, { code, message }: ReadableSpan['status']): void => {
  textField(out, 2, message);
  count(out, 3, code);
};

/** Span (opentelemetry-proto 1.x, trace/v1/trace.proto), byte for byte what the SDK's own serializer makes of it. */
export const writeSpan = (out: ByteWriter, span: ReadableSpan): void => {
  const { traceId, spanId, traceState, traceFlags } = span.spanContext();
  const { parentSpanContext: parent } = span;
  id(out, 1, traceId);
  id(out, 2, spanId);
  textField(out, 3, traceState?.serialize());
  if (parent?.spanId) id(out, 4, parent.spanId);
  tagged(out, 5, wire.bytes).text(span.name);
  // OTLP has one kind more than the API: that none was given.
  count(out, 6, span.kind + 1);
  time(out, 7, span.startTime);
  time(out, 8, span.endTime);
  attributes(out, 9, span.attributes);
  count(out, 10, span.droppedAttributesCount);
  messageFields(out, 11, span.events, writeEvent);
  count(out, 12, span.droppedEventsCount);
  messageFields(out, 13, span.links, writeLink);
  count(out, 14, span.droppedLinksCount);
  messageField(out, 15, span.status, writeStatus);
  flags(out, 16, traceFlags, parent?.isRemote);
};
