import {
  type Link,
  ROOT_CONTEXT,
  type Span,
  SpanKind,
  SpanStatusCode,
  type Tracer,
  trace,
} from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';

/** Of a batch, to its members. */
const maxLinks = 128;

/** Begins the span of a write of some events, sampled since they are; it is linked to them. */
export const startWriteSpan = (tracer: Tracer, topic: string, members: readonly Span[]): Span | undefined => {
  const [first] = members;
  if (first === undefined) return undefined;
  const links: Link[] = members.slice(0, maxLinks).map((member) => ({ context: member.spanContext() }));
  const attributes = {
    'messaging.operation.name': 'send',
    'messaging.operation.type': 'send',
    'messaging.destination.name': topic,
    'messaging.batch.message_count': members.length,
  };
  const parent = trace.setSpan(ROOT_CONTEXT, first);
  return tracer.startSpan(`send ${topic}`, { kind: SpanKind.PRODUCER, attributes, links }, parent);
};

/** Does something within a span, which ends with it. */
export const within = async (span: Span | undefined, work: () => Promise<void>): Promise<void> => {
  try {
    await work();
  } catch (error) {
    const { code, message } = fromUnknown(error);
    span?.setAttribute('error.type', code);
    span?.setStatus({ code: SpanStatusCode.ERROR, message });
    throw error;
  } finally {
    span?.end();
  }
};
