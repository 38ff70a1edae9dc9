import type { Span, Tracer } from '@opentelemetry/api';
import { startWriteSpan, within } from '../telemetry/event-spans.ts';
import { endMessageSpan, type SpanOptions, startMessageSpan } from '../telemetry/message-span.ts';
import type { PartitionParts } from './partition/work-partition.ts';

type TraceParts = Pick<PartitionParts, 'startSpan' | 'endSpan' | 'traceWrite'>;

const nothing: TraceParts = {
  startSpan: () => undefined,
  endSpan: () => undefined,
  traceWrite: (_, write) => write(),
};

const isThere = (span: Span | undefined): span is Span => span !== undefined;

/** A CONSUMER span of each sampled event until it is written, and one of each write, which is linked to them. */
export const traceEvents = (
  tracer: Tracer | undefined,
  { sink, ...options }: Omit<SpanOptions, 'tracer'> & { readonly sink: string },
): TraceParts => {
  if (tracer === undefined) return nothing;
  const endSpan: TraceParts['endSpan'] = ({ span, result, event }, error) =>
    endMessageSpan(
      span,
      {
        'sluice.outcome': result?.outcome ?? 'dropped',
        ...(event === undefined ? {} : { 'sluice.prediction_id': event.predictionId }),
      },
      error,
    );
  return {
    startSpan: (received) => startMessageSpan(received, { ...options, tracer }),
    endSpan,
    traceWrite: async (slots, write) => {
      const members = slots.map(({ span }) => span).filter(isThere);
      await within(startWriteSpan(tracer, sink, members), write);
      for (const slot of slots) endSpan(slot);
    },
  };
};
