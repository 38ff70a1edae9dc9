import type { Tracer } from '@opentelemetry/api';
import type { EventLogSettings } from '@sluice/kernel/config/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import type { Revision } from '@sluice/kernel/revision/revision';
import { type StreamSettings, streamOf } from '@sluice/kernel/revision/stream-settings';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { keepRunning, type StartConsumer } from '../keep-running.ts';
import type { StreamMetrics } from '../telemetry/stream-metrics.ts';
import { createChanges } from './events/changes.ts';
import { createEventCodec } from './events/create-event-codec.ts';
import { loadEventTypes } from './events/event-types.ts';
import { followRevisions } from './follow-revisions.ts';
import { followStreams, type RunningStream } from './follow-streams.ts';
import type { GatewayLink } from './gateway-link.ts';
import { defaultWaits } from './retry.ts';
import { runStream, type StreamPorts } from './run-stream.ts';
import { reportShares } from './status/report-shares.ts';
import { StreamStatus } from './status/stream-status.ts';
import { errorTeller } from './tell-errors.ts';

/** Of which the features are known, of a partition of a stream that looks for changes. */
const maxKnownKeys = 100_000;
/** A topic that is missing is looked for again within seconds of its being made. */
const streamBackoff = { firstMs: 200, maxMs: 5_000, goodLifeMs: 30_000 };

export interface ScorerOptions {
  readonly eventLog: EventLogSettings;
  /** Holds the revisions. */
  readonly store: Store;
  readonly revisionPollMs: number;
  readonly openLink: () => GatewayLink;
  /** This scorer's name, in what it reports. */
  readonly scorer: string;
  readonly metricsOf: (stream: string) => StreamMetrics;
  /** undefined: nobody traces. */
  readonly tracer: Tracer | undefined;
  readonly drainMs: number;
  readonly lagPollMs: number;
  /** How long nothing may be committed although there is something to do. */
  readonly stallMs: number;
  readonly log: Log;
}

interface ScoredStream extends RunningStream {
  readonly status: StreamStatus;
}

/** The consumer that scores the streams of the newest revision. */
export interface Scorer {
  readonly start: StartConsumer;
  /** Why it does not get on; undefined: it does, or has nothing to do. */
  waitsFor(): string | undefined;
  streams(): readonly StreamStatus[];
}

const beginStream =
  ({ log, metricsOf, stallMs }: ScorerOptions, ports: StreamPorts) =>
  (settings: StreamSettings): ScoredStream => {
    const stream = streamOf(settings);
    const { name } = stream;
    const status = new StreamStatus({ name, stallMs, notRunning: () => kept.notRunning() });
    const onError = errorTeller(log, name);
    const run = { ...ports, stream, status, metrics: metricsOf(name), begunAtMs: Date.now(), onError };
    const kept = keepRunning({
      name: `stream ${name}`,
      start: runStream(run),
      log,
      backoff: streamBackoff,
    });
    return { name, status, [Symbol.asyncDispose]: () => kept[Symbol.asyncDispose]() };
  };

/** Why the streams do not get on: nothing can be scored, or one of them stands still. */
const reasonOf = (link: GatewayLink, streams: readonly StreamStatus[]): string | undefined => {
  const why = streams.length === 0 ? undefined : link.notReady();
  if (why !== undefined) return why;
  const now = performance.now();
  for (const stream of streams) {
    const stall = stream.stall(now);
    if (stall !== undefined) return stall;
  }
  return undefined;
};

export const createScorer = (options: ScorerOptions): Scorer => {
  const { store, revisionPollMs, scorer, tracer, drainMs, lagPollMs, log } = options;
  let streams = (): readonly StreamStatus[] => [];
  let waitsFor = (): string | undefined => undefined;
  const start: StartConsumer = async (stack) => {
    const eventLog = stack.use(await openEventLog(options.eventLog, log));
    const [logId, types] = [await eventLog.admin.id(), loadEventTypes()];
    const link = stack.use(options.openLink());
    const ports: StreamPorts = {
      eventLog,
      link,
      codecOf: (stream) => createEventCodec({ stream, logId, types }),
      changesOf: (ttlMs) => createChanges({ ttlMs, maxKeys: maxKnownKeys }),
      tracer,
      drainMs,
      lagPollMs,
      waits: defaultWaits,
    };
    const followed = stack.use(followStreams(beginStream(options, ports), log));
    streams = () => followed.running().map(({ status }) => status);
    waitsFor = () => reasonOf(link, streams());
    const shares = () => streams().map((status) => status.share(scorer, Date.now()));
    stack.use(reportShares(link, shares, log));
    const onRevision = (revision: Revision): void => followed.apply(revision.streams);
    stack.use(await followRevisions({ store, pollMs: revisionPollMs, log, onRevision }));
    // Each stream lives for itself; nothing ends them all.
    return { ended: new Promise(() => undefined) };
  };
  return { start, waitsFor: () => waitsFor(), streams: () => streams() };
};
