import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Header, Message, Received } from '@sluice/kernel/event-log/event-log';
import type { Features } from '@sluice/kernel/features/value';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { Scored } from './gateway-link.ts';

/** What is known of an event until the end. */
export interface KnownEvent {
  readonly received: Received;
  readonly predictionId: string;
  /** Empty: none. */
  readonly entityId: string;
  readonly passed: Features;
  /** As it came in the event's headers; empty: none. */
  readonly trace: TraceText;
}

/** An event that is to be scored. */
export interface ReadEvent extends KnownEvent {
  readonly kind: 'event';
  /** Empty: none. */
  readonly requestId: string;
  readonly features: Features;
  readonly parameters: Features | undefined;
}

/** What a message of a source topic is for a stream. */
export type ReadResult =
  | ReadEvent
  /** The filter says no. */
  | { readonly kind: 'filtered' }
  /** It can never be scored. */
  | { readonly kind: 'unreadable'; readonly error: SluiceError };

/** How one stream reads its events and writes what came of them. Pure. */
export interface EventCodec {
  /** That all messages for the sink topic have. */
  readonly headers: readonly Header[];
  read(received: Received): ReadResult;
  /** The message for the sink topic, without those headers. */
  write(event: KnownEvent, scored: Scored, trace: TraceText): Message;
}

/** Knows what was scored last of each key, up to a number of keys and for a time. */
export interface Changes {
  /** Whether the features are those that were last noted for the entity, and still count. */
  isUnchanged(event: ReadEvent, nowMs: number): boolean;
  note(event: ReadEvent, nowMs: number): void;
  /** The event could not be scored: the next one of its entity counts as changed. */
  forget(event: Pick<KnownEvent, 'entityId'>): void;
}
