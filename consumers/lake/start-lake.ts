import type { EventLog } from '@sluice/kernel/event-log/event-log';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { openEngine } from './engine.ts';
import type { FileLimits } from './gather-range.ts';
import { keepTrying } from './keep-trying.ts';
import { openPlace } from './open-place.ts';
import { sweepScratch } from './sweep-scratch.ts';
import { type LakeEvents, workPartition } from './work-partition.ts';

export const lakeGroup = 'sluice.lake';
const maxBatchBytes = 4 * 1024 * 1024;

export interface LakeOptions {
  readonly log: Log;
  readonly eventLog: EventLog;
  readonly codecs: RecordCodecs;
  /** `file:<folder>` or `s3://<bucket>/<prefix>` */
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limits: FileLimits;
  readonly events?: LakeEvents;
}

export interface Lake extends AsyncDisposable {
  /** What fails and is tried again; undefined: nothing does. */
  notReady(): string | undefined;
}

const aborted = (signal: AbortSignal): Promise<void> => {
  const { promise, resolve } = Promise.withResolvers<void>();
  signal.addEventListener('abort', () => resolve(), { once: true });
  if (signal.aborted) resolve();
  return promise;
};

/**
 * Writes predictions into Parquet files, `<model>/<YYYY-MM-DD>/<topic>-<partition>-<firstOffset>-<lastOffset>.parquet`.
 * An offset is committed when all files up to it are there; what is read again after a crash makes the same files.
 * Where the log or the place is away it waits, and says so once.
 * @throws SluiceError INVALID_INPUT for a URL that is none; Error for a folder that cannot be made
 */
export const startLake = async (options: LakeOptions): Promise<Lake> => {
  const { log, eventLog, codecs, url, env, limits, events = {} } = options;
  const place = await openPlace(url, env);
  await sweepScratch(place.scratch);
  await using opening = new AsyncDisposableStack();
  const engine = opening.use(await openEngine(place.scratch));
  const stopping = new AbortController();
  const { signal } = stopping;
  const failures = new Set<string>();
  const parts = { log, engine, place, codecs, limits, events, failures };
  const consumeUntilStopped = async (goes: () => void): Promise<void> => {
    await using consumer = await eventLog.consume({
      group: lakeGroup,
      topics: [predictionsTopic],
      from: 'earliest',
      maxBatchBytes,
      work: (partition) => {
        goes();
        return workPartition(parts, partition);
      },
    });
    await Promise.race([consumer.ended, aborted(signal)]);
  };
  const trying = { log, signal, what: `consuming ${predictionsTopic}`, failures };
  const running = keepTrying(trying, consumeUntilStopped).catch((error: unknown) => {
    if (!signal.aborted) throw error;
  });
  opening.defer(async () => {
    stopping.abort();
    await running;
  });
  const stack = opening.move();
  return {
    notReady: () => failures.values().next().value,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
