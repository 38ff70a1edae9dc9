import { trace } from '@opentelemetry/api';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type {
  PredictionQuery,
  PredictionReader,
  StoredPrediction,
} from '@sluice/kernel/records/prediction-reader';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { emptyRevision, type ModelSettings, noSettings } from '@sluice/kernel/revision/revision';
import type { Spool, SpoolEntry } from '@sluice/kernel/spool/spool';
import { emptyRegistry } from '@sluice/kernel/telemetry/registry';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import { pino } from 'pino';
import type { Resolution } from '../core/resolve-release.ts';
import { createRecordWriter, type RecordWriterOptions } from '../records/record-writer.ts';
import { registerRecordMetrics } from '../telemetry/record-metrics.ts';
import { served } from './calls.ts';

export const codecs = loadRecordCodecs();

export const testLog = pino({ level: 'silent' });

export interface MemorySpool extends Spool {
  readonly entries: SpoolEntry[];
  /** Whether each of them was to survive a loss of power. */
  readonly synced: boolean[];
  isFull: boolean;
}

/** A spool that keeps its entries in memory. */
export const memorySpool = (): MemorySpool => {
  const spool: MemorySpool = {
    id: '019a0000-0000-7000-8000-00000000000a',
    entries: [],
    synced: [],
    isFull: false,
    append: async (entry, fsync) => {
      if (spool.isFull) throw new SluiceError('SPOOL_FULL', 'the disk is full');
      spool.entries.push({ ...entry, value: Buffer.from(entry.value) });
      spool.synced.push(fsync);
    },
    find: async (topic, id) => spool.entries.find((each) => each.topic === topic && each.id === id)?.value,
    depth: () => ({ entries: spool.entries.length, bytes: 0, ageMs: 0 }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return spool;
};

/** The records that were put into a spool. */
export const recordsIn = ({ entries }: MemorySpool): Record__Output[] =>
  entries.map(({ value }) => codecs.record.decode(value));

export interface MemoryReader extends PredictionReader {
  readonly stored: Map<string, StoredPrediction>;
  readonly feedbackOf: Map<string, readonly Feedback__Output[]>;
  readonly queries: PredictionQuery[];
  /** away: each call fails; silent: none is ever answered. */
  state: 'there' | 'away' | 'silent';
}

/** A database in memory. */
export const memoryReader = (): MemoryReader => {
  const answer = async <T>(value: () => T): Promise<T> => {
    if (reader.state === 'away')
      throw new SluiceError(
        'DATABASE_UNAVAILABLE',
        'the database of records at postgres://db.internal:5432/x is away',
      );
    return reader.state === 'silent' ? new Promise<T>(() => undefined) : value();
  };
  const reader: MemoryReader = {
    stored: new Map(),
    feedbackOf: new Map(),
    queries: [],
    state: 'there',
    get: (id) => answer(() => reader.stored.get(id)),
    feedback: (id) => answer(() => reader.feedbackOf.get(id) ?? []),
    watermarks: () => answer(() => []),
    list: (query) =>
      answer(() => {
        reader.queries.push(query);
        return { predictions: [...reader.stored.values()], nextPageToken: 'more' };
      }),
    [Symbol.asyncDispose]: async () => undefined,
  };
  return reader;
};

export const resolution = (
  record: ModelSettings['record'] = undefined,
  more: Partial<Resolution> = {},
): Resolution => ({
  served: served(),
  parameters: {},
  warnings: [],
  settings: record === undefined ? noSettings : { ...noSettings, record },
  revision: 7,
  ...more,
});

/** A writer of records into memory, for the one model `m`. */
export const testWriter = (more: Partial<RecordWriterOptions> = {}) => {
  const spool = memorySpool();
  const registry = emptyRegistry('dev');
  const metrics = registerRecordMetrics(registry, () => spool.depth());
  const write = createRecordWriter({
    messagingSystem: 'lmdb',
    spool,
    codecs,
    tracer: trace.getTracer('test'),
    by: { environment: 'dev', gateway: 'gateway-1' },
    redactionKey: 'k'.repeat(32),
    metrics,
    log: testLog,
    now: () => performance.now(),
    revision: () => emptyRevision,
    isModel: (model) => model === 'm',
    ...more,
  });
  return { write, spool, metrics, registry };
};
