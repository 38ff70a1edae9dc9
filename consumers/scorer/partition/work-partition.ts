import { setTimeout as pause } from 'node:timers/promises';
import type { Span } from '@opentelemetry/api';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { AssignedPartition, Message, Received } from '@sluice/kernel/event-log/event-log';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { Outlet } from '../delivery/outlet.ts';
import type { Changes, EventCodec } from '../event-codec.ts';
import type { BoundModel } from '../gateway-link.ts';
import { keepTrying } from '../keep-trying.ts';
import type { RetryWaits } from '../retry.ts';
import type { PartitionStatus } from '../status/partition-status.ts';
import { commitGroups } from './commit-groups.ts';
import { readEvents } from './read-events.ts';
import { createScoring } from './score-events.ts';
import type { Slot } from './slot.ts';
import { createTimers } from './timers.ts';
import { Window } from './window.ts';
import { writeGroups } from './write-groups.ts';

/** Of the events of a partition that are read and not finished. */
const maxWindowBytes = 16 * 1024 ** 2;
/**
 * Of them, those of which nothing has come yet: what several gateways take at once has left from two partitions. More of
 * them would only be larger: their features are there until they are answered.
 */
const mostUnfinished = 512;
/** Until who was fenced is told that somebody else has the partition: a group notices within seconds. */
const fencedMs = 15_000;

/** What the work on the partitions of a stream needs. */
export interface PartitionParts {
  readonly stream: Pick<Stream, 'name' | 'maxInFlight' | 'deadlineMs'>;
  readonly codec: EventCodec;
  /** Of one partition: what was not committed is forgotten with it. */
  readonly openChanges: () => Changes | undefined;
  readonly bind: () => BoundModel;
  readonly openOutlet: (partition: AssignedPartition) => Promise<Outlet>;
  readonly openStatus: (
    partition: AssignedPartition,
    outlet: Outlet,
    window: Window,
  ) => PartitionStatus & Disposable;
  /** Where the work ends, of a replay; undefined: never. */
  readonly endOf: (partition: AssignedPartition) => bigint | undefined;
  /** Aborted: nothing more is read. */
  readonly stopping: AbortSignal;
  readonly waits: RetryWaits;
  readonly letterOf: (slot: Slot, error: SluiceError) => Message;
  readonly checkTopics: () => Promise<void>;
  /** Told why work cannot begin. */
  readonly onError: (error: SluiceError) => void;
  readonly startSpan: (received: Received) => Span | undefined;
  readonly endSpan: (slot: Slot, error?: SluiceError) => void;
  readonly traceWrite: (slots: readonly Slot[], write: () => Promise<void>) => Promise<void>;
}

/** Who was fenced waits a moment to be told so. */
const untilTold = async (signal: AbortSignal): Promise<void> => {
  await pause(fencedMs, undefined, { signal, ref: false }).catch(() => undefined);
};

const open = (parts: PartitionParts, partition: AssignedPartition): Promise<Outlet | undefined> => {
  const { waits, onError } = parts;
  const { signal } = partition;
  return keepTrying(() => parts.openOutlet(partition), { signal, waits, onError }).catch((error) => {
    if (signal.aborted) return undefined;
    throw error;
  });
};

/**
 * Scores the events of a partition until it is taken away: what comes of them leaves in the order of their offsets, and
 * what is committed never lies behind an event that is not finished.
 * @throws SluiceError FENCED
 */
export const workPartition = async (parts: PartitionParts, partition: AssignedPartition): Promise<void> => {
  const { signal } = partition;
  await using stack = new AsyncDisposableStack();
  const outlet = await open(parts, partition);
  if (outlet === undefined) return;
  stack.use(outlet);
  const { maxInFlight: maxEvents } = parts.stream;
  const maxUnfinished = Math.min(maxEvents, mostUnfinished);
  const window = new Window({ maxEvents, maxUnfinished, maxBytes: maxWindowBytes });
  const status = stack.use(parts.openStatus(partition, outlet, window));
  const timers = stack.use(createTimers());
  const model = stack.use(parts.bind());
  const changes = parts.openChanges();
  const close = (): void => {
    for (const slot of window.close()) parts.endSpan(slot);
    timers[Symbol.dispose]();
    model[Symbol.dispose]();
  };
  stack.defer(onAbort(signal, close));
  stack.defer(onAbort(parts.stopping, () => window.stop()));
  const shared = { ...parts, changes, model, window, timers, status, outlet, signal };
  const onRefused = ({ event }: Slot, error: SluiceError): void => {
    if (event !== undefined) changes?.forget(event);
    status.failed(error);
  };
  const reading = readEvents({
    partition,
    start: outlet.start,
    end: parts.endOf(partition),
    window,
    submit: createScoring(shared),
  });
  const writing = writeGroups({ ...shared, onRefused });
  const committing = commitGroups(shared);
  try {
    await Promise.all([reading, writing, committing]);
  } catch (error) {
    close();
    await Promise.allSettled([writing, committing]);
    if (error instanceof SluiceError && error.code === 'FENCED') await untilTold(signal);
    if (!signal.aborted) throw error;
  }
};

/** Does something when, or if, a signal is aborted; the answer forgets it. */
const onAbort = (signal: AbortSignal, action: () => void): (() => void) => {
  if (signal.aborted) action();
  else signal.addEventListener('abort', action, { once: true });
  return () => signal.removeEventListener('abort', action);
};
