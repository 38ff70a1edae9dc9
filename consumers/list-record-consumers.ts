import { storeCacheOf, storeUrlOf } from '@sluice/kernel/config/environment';
import { eventLogOf } from '@sluice/kernel/config/event-log';
import { loadFeedbackJson } from '@sluice/kernel/records/feedback-json';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { openStore } from '@sluice/kernel/store/open-store';

import { type ConsumerName, lakeUrlOf } from './config.ts';
import { startFeedback } from './feedback/start-feedback.ts';
import { startLake } from './lake/start-lake.ts';
import type { ListedConsumer, ListOptions } from './listed-consumer.ts';
import { startRecorder } from './recorder/start-recorder.ts';
import type { ConsumerMetrics } from './telemetry/consumer-metrics.ts';
import {
  registerFeedbackMetrics,
  registerLakeMetrics,
  registerRecorderMetrics,
} from './telemetry/record-metrics.ts';

type RecordConsumer = Exclude<ConsumerName, 'scorer'>;

/** The consumers of records by name. Each meets the event log and its own place only; none knows of another one. */
export const listRecordConsumers = ({
  config,
  log,
  registry,
  tracing,
}: ListOptions): Readonly<Record<RecordConsumer, (metrics: ConsumerMetrics) => ListedConsumer>> => {
  const eventLog = eventLogOf(config);
  const codecs = loadRecordCodecs();
  const tracer = tracing.enabled ? tracing.tracer : undefined;
  const shared = {
    eventLog,
    codecs,
    tracer,
    log,
    databaseUrl: config.DATABASE_URL,
    lagPollMs: config.LAG_POLL_MS,
  };
  return {
    // Predictions and their watermarks → the database; what is over its retention goes.
    recorder: (metrics) => ({
      start: startRecorder({
        ...shared,
        name: 'recorder',
        metrics,
        recorder: registerRecorderMetrics(registry),
        revisions: openStore(storeUrlOf(config), storeCacheOf(config)),
        retentionSweepMs: config.RETENTION_SWEEP_MS,
      }),
    }),
    // What became known → the database, joined with its prediction.
    feedback: (metrics) => ({
      start: startFeedback({
        ...shared,
        name: 'feedback',
        metrics,
        feedback: registerFeedbackMetrics(registry),
        fromJson: loadFeedbackJson(),
        waitMs: config.FEEDBACK_WAIT_MS,
        sweepMs: config.FEEDBACK_SWEEP_MS,
      }),
    }),
    // Predictions → files of Parquet.
    lake: () => {
      const failures = new Set<string>();
      const limits = {
        messages: config.LAKE_FILE_MESSAGES,
        bytes: config.LAKE_FILE_BYTES,
        ageMs: config.LAKE_FILE_MS,
      };
      return {
        start: startLake({
          log,
          eventLog,
          codecs,
          url: lakeUrlOf(config),
          env: process.env,
          limits,
          events: registerLakeMetrics(registry),
          failures,
        }),
        waitsFor: () => failures.values().next().value,
      };
    },
  };
};
