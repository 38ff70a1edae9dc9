import type { Message, SentHeader } from '@sluice/kernel/event-log/event-log';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { EventCodec, KnownEvent } from '../event-codec.ts';
import { scoredEncoder, timeText } from './encode-scored.ts';
import type { EventTypes } from './event-types.ts';

/** The entity where the stream says where it is, else the event's own key; an event without one goes anywhere. */
const keyOf = (hasKey: boolean, { received, entityId, predictionId }: KnownEvent): Buffer =>
  (hasKey ? undefined : received.key) ?? Buffer.from(entityId || predictionId);

const traceHeaders = ({ traceparent, tracestate }: TraceText): SentHeader[] =>
  traceparent === ''
    ? []
    : [['traceparent', traceparent], ...(tracestate === '' ? [] : [['tracestate', tracestate] as const])];

/** What a stream writes into its sink topic. The message has the time at which it is written; the event's is in it. */
export const createWriter = (stream: Stream, types: EventTypes): EventCodec['write'] => {
  const encode = scoredEncoder(stream, types);
  const hasKey = stream.key !== undefined;
  return (event, scored, trace): Message => {
    const time = timeText(event.received.timestampMs);
    return {
      key: keyOf(hasKey, event),
      value: encode(event, scored, time),
      headers: [
        ['ce_id', event.predictionId],
        ['ce_time', time],
        ...(event.entityId === '' ? [] : [['ce_subject', event.entityId] as const]),
        ...traceHeaders(trace),
      ],
    };
  };
};
