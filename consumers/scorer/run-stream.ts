import { setTimeout as pause } from 'node:timers/promises';
import type { Tracer } from '@opentelemetry/api';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { AssignedPartition, EventLog } from '@sluice/kernel/event-log/event-log';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import { letterOf } from '../dead-letters.ts';
import type { StartConsumer } from '../keep-running.ts';
import { repeat } from '../repeat.ts';
import type { StreamMetrics } from '../telemetry/stream-metrics.ts';
import { checkTopics } from './check-topics.ts';
import { openAtLeastOnce } from './delivery/at-least-once.ts';
import { openExactlyOnce } from './delivery/exactly-once.ts';
import type { Outlet, OutletOptions } from './delivery/outlet.ts';
import type { Changes, EventCodec } from './event-codec.ts';
import type { GatewayLink } from './gateway-link.ts';
import { type PartitionParts, workPartition } from './partition/work-partition.ts';
import { findEnds, isAtEnd } from './replay-ends.ts';
import type { RetryWaits } from './retry.ts';
import { PartitionStatus } from './status/partition-status.ts';
import type { StreamStatus } from './status/stream-status.ts';
import { traceEvents } from './trace-events.ts';

/** Read at once, of a partition. */
const maxBatchBytes = 512 * 1024;

/** What all streams of a scorer have in common. */
export interface StreamPorts {
  readonly eventLog: EventLog;
  readonly link: Pick<GatewayLink, 'bind'>;
  /** @throws SluiceError INVALID_INPUT for a filter that cannot be parsed */
  readonly codecOf: (stream: Stream) => EventCodec;
  readonly changesOf: (ttlMs: number) => Changes;
  /** undefined: nobody traces. */
  readonly tracer: Tracer | undefined;
  readonly drainMs: number;
  readonly lagPollMs: number;
  readonly waits: RetryWaits;
}

export interface RunOptions extends StreamPorts {
  readonly stream: Stream;
  readonly status: StreamStatus;
  readonly metrics: StreamMetrics;
  /** When the stream was begun, of Date.now(): where a replay ends that does not say so. */
  readonly begunAtMs: number;
  /** Told of what goes wrong, often. */
  readonly onError: (error: SluiceError) => void;
}

export const groupOf = ({ name }: Pick<Stream, 'name'>): string => `sluice.scorer.${name}`;

type OpenOutlet = (options: OutletOptions) => Promise<Outlet>;

interface Life {
  readonly open: OpenOutlet;
  readonly ends: ReadonlyMap<string, bigint> | undefined;
  readonly stopping: AbortSignal;
}

/** At least once, what several partitions send at a time goes together. */
const outletsOf = async (
  { stream, eventLog }: RunOptions,
  stack: AsyncDisposableStack,
): Promise<OpenOutlet> => {
  if (stream.delivery === 'exactly-once') return openExactlyOnce;
  const producer = stack.use(await eventLog.openProducer());
  return (options) => openAtLeastOnce(producer, options);
};

const partsOf = (options: RunOptions, { open, ends, stopping }: Life): PartitionParts => {
  const { stream, eventLog, link, status, metrics, onError, tracer, waits } = options;
  const group = groupOf(stream);
  const { unchangedTtlMs: ttlMs } = stream;
  const codec = options.codecOf(stream);
  const failed = (error: SluiceError): void => {
    status.failed(error);
    onError(error);
  };
  return {
    stream,
    codec,
    openChanges: () => (ttlMs === undefined ? undefined : options.changesOf(ttlMs)),
    bind: () =>
      link.bind({
        stream: stream.name,
        model: stream.model,
        version: stream.version,
        returnsRecord: stream.delivery === 'exactly-once',
        isReplay: stream.replayOf !== undefined,
        priority: stream.priority,
      }),
    openOutlet: (partition) =>
      status.opening(partition, () => open({ eventLog, stream, headers: codec.headers, group, partition })),
    openStatus: (assigned, { start }, window) => {
      const { topic, partition } = assigned;
      const position = (): bigint => assigned.next();
      const own = new PartitionStatus({ topic, partition, position, start, window, metrics, onError });
      status.partitions.add(own);
      return Object.assign(own, { [Symbol.dispose]: () => void status.partitions.delete(own) });
    },
    endOf: ({ topic, partition }) => ends?.get(`${topic}/${partition}`),
    stopping,
    waits,
    letterOf: ({ received, attempts }, error) =>
      letterOf('scorer', { message: received, error, attempts: Math.max(attempts, 1), stream: stream.name }),
    checkTopics: () => checkTopics(eventLog.admin, stream),
    onError: failed,
    ...traceEvents(tracer, {
      group,
      system: eventLog.url.slice(0, eventLog.url.indexOf(':')),
      sink: stream.to,
    }),
  };
};

/** Waits until everything that was read is written, for a time at most; not for what has to be tried again. */
const drain = async (status: StreamStatus, drainMs: number): Promise<void> => {
  const late = new AbortController();
  const drained = Promise.all([...status.partitions].map(({ window }) => window.drained()));
  await Promise.race([drained, pause(drainMs, undefined, { signal: late.signal }).catch(() => undefined)]);
  late.abort();
};

const look = async ({ stream, eventLog, status }: RunOptions, ends: Life['ends']): Promise<void> => {
  for (const topic of stream.from) {
    const ranges = await eventLog.admin.ranges(topic);
    for (const each of status.partitions)
      if (each.topic === topic) each.end = ranges.find(({ partition }) => partition === each.partition)?.next;
  }
  if (ends !== undefined) status.isFinished = await isAtEnd(eventLog.admin, groupOf(stream), ends);
};

/**
 * Begins a life of a stream. It ends by an error when the log says so; what it read is written before it is closed.
 * @throws SluiceError INVALID_INPUT for a topic that is not there, or a filter that cannot be parsed;
 *   EVENT_LOG_UNAVAILABLE
 */
export const runStream =
  (options: RunOptions): StartConsumer =>
  async (stack) => {
    const { stream, eventLog, status, drainMs, lagPollMs, begunAtMs } = options;
    const { admin } = eventLog;
    await checkTopics(admin, stream);
    const untilMs = stream.untilMs ?? begunAtMs;
    const ends = stream.replayOf === undefined ? undefined : await findEnds(admin, stream.from, untilMs);
    const stopping = new AbortController();
    const open = await outletsOf(options, stack);
    const parts = partsOf(options, { open, ends, stopping: stopping.signal });
    const work = (partition: AssignedPartition): Promise<void> => workPartition(parts, partition);
    const [group, topics] = [groupOf(stream), stream.from];
    const consumer = stack.use(
      await eventLog.consume({ group, topics, from: stream.start, maxBatchBytes, work }),
    );
    // A log that is away is told by the work.
    const watch = { intervalMs: lagPollMs, onError: () => undefined };
    stack.use(repeat(() => look(options, ends), watch));
    stack.defer(() => {
      stopping.abort();
      return drain(status, drainMs);
    });
    return consumer;
  };
