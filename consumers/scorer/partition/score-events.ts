import type { Span } from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Message, Received } from '@sluice/kernel/event-log/event-log';
import { type Verdict, verdictOn } from '@sluice/kernel/link/verdict';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import { type TraceText, textOf } from '@sluice/kernel/telemetry/trace-context';
import type { Changes, EventCodec, KnownEvent, ReadEvent, ReadResult } from '../event-codec.ts';
import { type BoundModel, type Scored, Unscored } from '../gateway-link.ts';
import { maxFailures, mayBefallAll, type RetryWaits, waitMsAfter } from '../retry.ts';
import type { PartitionStatus } from '../status/partition-status.ts';
import { Attempt, type Ends } from './attempt.ts';
import { isOwnFault } from './own-fault.ts';
import { newSlot, type Slot } from './slot.ts';
import type { Timers } from './timers.ts';
import type { Window } from './window.ts';

export interface ScoreOptions {
  readonly stream: Pick<Stream, 'deadlineMs'>;
  readonly codec: EventCodec;
  /** undefined: events are scored whether or not something changed. */
  readonly changes: Changes | undefined;
  readonly model: Pick<BoundModel, 'score'>;
  readonly window: Window;
  readonly timers: Timers;
  readonly status: PartitionStatus;
  readonly waits: RetryWaits;
  readonly letterOf: (slot: Slot, error: SluiceError) => Message;
  /** undefined: its trace is not sampled, or nobody traces. */
  readonly startSpan: (received: Received) => Span | undefined;
}

const read = (codec: EventCodec, received: Received): ReadResult => {
  try {
    return codec.read(received);
  } catch (error) {
    return { kind: 'unreadable', error: fromUnknown(error) };
  }
};

/** Its next attempt, or the one under way, is the last one: the gateway was told, or will be. */
const isLastOf = ({ failures }: Slot): boolean => failures === maxFailures - 1;

/** What a scored event carries on: the scorer's own span, else the gateway's, else what the event brought. */
const traceOf = ({ span }: Slot, event: KnownEvent, scored?: Scored): TraceText => {
  if (span !== undefined) return textOf(span.spanContext());
  if (scored === undefined || scored.traceparent === '') return event.trace;
  return { traceparent: scored.traceparent, tracestate: event.trace.tracestate };
};

/** Scores the events of a partition: whatever comes of one finishes its place in the window. */
export const createScoring = (options: ScoreOptions): ((received: Received) => void) => {
  const { stream, codec, changes, model, window, timers, status, waits, letterOf, startSpan } = options;

  const bury = (slot: Slot, error: SluiceError): void => {
    if (slot.event !== undefined) changes?.forget(slot.event);
    status.failed(error);
    const record = error instanceof Unscored ? error.record : undefined;
    window.finish(slot, { outcome: 'dead-lettered', letter: letterOf(slot, error), record });
  };

  const succeed = (slot: Slot, event: KnownEvent, scored: Scored): void => {
    status.answered();
    try {
      const message = codec.write(event, scored, traceOf(slot, event, scored));
      const outcome = scored.outcome.kind === 'refusal' ? 'refused' : 'scored';
      window.finish(slot, { outcome, scored: message, record: scored.record });
    } catch (error) {
      bury(slot, fromUnknown(error));
    }
  };

  const verdictHere = (slot: Slot, error: SluiceError): Verdict => {
    const verdict = verdictOn(error);
    const isShared = verdict === 'limited' && mayBefallAll(error) && !isLastOf(slot);
    return isShared && !isOwnFault(slot, window) ? 'away' : verdict;
  };

  const fail = (slot: Slot, error: SluiceError): void => {
    const verdict = verdictHere(slot, error);
    if (verdict === 'limited') slot.failures += 1;
    if (verdict === 'never' || slot.failures >= maxFailures) {
      bury(slot, error);
      return;
    }
    status.retries(error, verdict);
    window.wait(slot);
    timers.after(waitMsAfter(slot.attempts, error, waits), () => again(slot));
  };

  const ends: Ends = {
    scored: (slot, event, scored) => {
      if (!window.isClosed) succeed(slot, event, scored);
    },
    failed: (slot, error) => {
      if (!window.isClosed) fail(slot, error);
    },
  };

  /** Its features are not kept for another attempt: they would be most of what a window holds. */
  const attempt = (slot: Slot, { requestId, features, parameters }: ReadEvent, event: KnownEvent): void => {
    slot.attempts += 1;
    slot.isWaiting = false;
    const { predictionId, entityId } = event;
    const { deadlineMs } = stream;
    const isLast = isLastOf(slot);
    const trace = traceOf(slot, event);
    const request = { predictionId, entityId, requestId, features, parameters, trace, deadlineMs, isLast };
    model.score(request, new Attempt(slot, event, ends));
  };

  const again = (slot: Slot): void => {
    const event = read(codec, slot.received);
    if (event.kind === 'event') attempt(slot, event, slot.event ?? event);
    else bury(slot, event.kind === 'unreadable' ? event.error : fromUnknown('it was filtered'));
  };

  return (received) => {
    const slot = newSlot(received, performance.now());
    window.push(slot);
    const event = read(codec, received);
    if (event.kind === 'filtered') return window.finish(slot, { outcome: 'filtered' });
    if (event.kind === 'unreadable') return bury(slot, event.error);
    const nowMs = Date.now();
    if (changes?.isUnchanged(event, nowMs)) return window.finish(slot, { outcome: 'unchanged' });
    changes?.note(event, nowMs);
    const { predictionId, entityId, passed, trace } = event;
    const known = { received, predictionId, entityId, passed, trace };
    slot.event = known;
    slot.span = startSpan(received);
    attempt(slot, event, known);
  };
};
