import type { EventLogSettings } from '@sluice/kernel/config/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import { predictionsTopic, recordTopics } from '@sluice/kernel/records/topics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { openEngine } from './engine.ts';
import type { FileLimits } from './gather-range.ts';
import { openPlace } from './open-place.ts';
import { sweepScratch } from './sweep-scratch.ts';
import { type LakeEvents, workPartition } from './work-partition.ts';

export const lakeGroup = 'sluice.lake';
/** Read at once, of a partition; it lies in memory as messages, as records and as rows. */
const maxBatchBytes = 256 * 1024;

export interface LakeOptions {
  readonly log: Log;
  readonly eventLog: EventLogSettings;
  readonly codecs: RecordCodecs;
  /** `file:<folder>` or `s3://<bucket>/<prefix>`, which is reached with the variables of the SDK. */
  readonly url: string;
  readonly env: NodeJS.ProcessEnv;
  readonly limits: FileLimits;
  readonly events?: LakeEvents;
  /** What fails and is tried again lies in it meanwhile: a place that is away or full. */
  readonly failures: Set<string>;
  /** Not given: sluice.lake. One that has committed nothing writes everything again, over what is there. */
  readonly group?: string;
}

/**
 * Writes predictions into Parquet files, `<model>/<YYYY-MM-DD>/<topic>-<partition>-<firstOffset>-<lastOffset>.parquet`.
 * An offset is committed when all files up to it are there; what is read again after a crash makes the same files.
 * What it opens goes on the stack. It waits for a place that is away or full, and says so once.
 * @throws SluiceError INVALID_INPUT for a URL that is none; EVENT_LOG_UNAVAILABLE, also by `ended`
 */
export const startLake =
  (options: LakeOptions) =>
  async (stack: AsyncDisposableStack): Promise<{ readonly ended: Promise<void> }> => {
    const { url, env, events = {}, group = lakeGroup } = options;
    const eventLog = stack.use(await openEventLog(options.eventLog));
    await eventLog.admin.create(recordTopics);
    const place = await openPlace(url, env);
    await sweepScratch(place.scratch);
    const engine = stack.use(await openEngine(place.scratch, options.limits.bytes));
    const parts = { ...options, engine, place, events };
    const work = (partition: Parameters<typeof workPartition>[1]) => workPartition(parts, partition);
    const topics = [predictionsTopic];
    return stack.use(await eventLog.consume({ group, topics, from: 'earliest', maxBatchBytes, work }));
  };
