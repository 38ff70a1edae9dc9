import type { Tracer } from '@opentelemetry/api';
import type { EventLogSettings } from '@sluice/kernel/config/event-log';
import type { ConsumeOptions, Consumer } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { migrateRecords } from '@sluice/kernel/records/migrate-records';
import { openRecordStore } from '@sluice/kernel/records/open-record-store';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { RecordStore } from '@sluice/kernel/records/record-store';
import { deadLetters, recordTopics } from '@sluice/kernel/records/topics';
import type { Log } from '@sluice/kernel/telemetry/log';
import { openDeadLetters } from './dead-letters.ts';
import type { ConsumerMetrics } from './telemetry/consumer-metrics.ts';
import { startMessageSpan } from './telemetry/message-span.ts';
import { watchLag } from './watch-lag.ts';
import type { ConsumePorts } from './work-batch.ts';

/** What every consumer of records needs. */
export interface LifeOptions {
  readonly name: string;
  readonly eventLog: EventLogSettings;
  readonly databaseUrl: string;
  readonly codecs: RecordCodecs;
  readonly metrics: ConsumerMetrics;
  /** undefined: nobody traces. */
  readonly tracer: Tracer | undefined;
  readonly lagPollMs: number;
  readonly log: Log;
}

export interface Life {
  readonly store: RecordStore;
  readonly ports: ConsumePorts;
  consume(work: ConsumeOptions['work']): Promise<Consumer>;
}

/** Read at once, of a partition; it lies in memory up to three times: read, decoded, and being stored. */
const maxBatchBytes = 128 * 1024;

/**
 * Opens the event log and the database for one life of a consumer, makes the topics that are not there, and brings the
 * schema up to date.
 * @throws SluiceError EVENT_LOG_UNAVAILABLE, TOPIC_MISMATCH, DATABASE_UNAVAILABLE
 */
export const openLife = async (
  options: LifeOptions & { readonly group: string; readonly topic: string },
  stack: AsyncDisposableStack,
): Promise<Life> => {
  const { name, eventLog: settings, databaseUrl, metrics, tracer, lagPollMs, log, group, topic } = options;
  const eventLog = stack.use(await openEventLog(settings, log));
  await eventLog.admin.create([...recordTopics, deadLetters]);
  await migrateRecords({ url: databaseUrl });
  const store = stack.use(openRecordStore({ url: databaseUrl, codecs: options.codecs }));
  const letters = { eventLog, stage: name, log, onLetter: metrics.deadLetter };
  const system = settings.url.slice(0, settings.url.indexOf(':'));
  const ports: ConsumePorts = {
    deadLetters: await openDeadLetters(letters, stack),
    metrics,
    startSpan: (message) => tracer && startMessageSpan(message, { tracer, group, system }),
  };
  stack.use(watchLag({ admin: eventLog.admin, group, topic, intervalMs: lagPollMs, onLag: metrics.lag }));
  return {
    store,
    ports,
    consume: async (work) =>
      stack.use(await eventLog.consume({ group, topics: [topic], from: 'earliest', maxBatchBytes, work })),
  };
};
