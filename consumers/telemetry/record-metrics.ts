import type { FeedbackCounts } from '@sluice/kernel/records/record-store';
import { Counter, type Registry } from 'prom-client';

/** What becomes of predictions. */
export interface RecorderMetrics {
  /** Of so many that were received, how many were new. */
  stored(received: number, fresh: number): void;
  dropped(days: number): void;
}

/** What becomes of feedback. */
export interface FeedbackMetrics {
  stored(counts: FeedbackCounts): void;
  expired(count: number): void;
}

/** What becomes of predictions in the lake. */
export interface LakeMetrics {
  wrote(rows: number, files: number): void;
  passedOver(): void;
}

export const registerRecorderMetrics = (registry: Registry): RecorderMetrics => {
  const rows = new Counter({
    name: 'sluice_recorder_predictions_total',
    help: 'Predictions that were stored, or were there already',
    labelNames: ['outcome'],
    registers: [registry],
  });
  const days = new Counter({
    name: 'sluice_recorder_dropped_days_total',
    help: 'Days of a model that were removed after their retention',
    registers: [registry],
  });
  for (const outcome of ['stored', 'repeated']) rows.inc({ outcome }, 0);
  return {
    stored: (received, fresh) => {
      rows.inc({ outcome: 'stored' }, fresh);
      rows.inc({ outcome: 'repeated' }, received - fresh);
    },
    dropped: (count) => days.inc(count),
  };
};

export const registerFeedbackMetrics = (registry: Registry): FeedbackMetrics => {
  const total = new Counter({
    name: 'sluice_feedback_total',
    help: 'Feedback by what came of it: joined to its prediction, waiting for it, repeated, or expired while it waited',
    labelNames: ['outcome'],
    registers: [registry],
  });
  for (const outcome of ['joined', 'waiting', 'repeated', 'expired']) total.inc({ outcome }, 0);
  return {
    stored: ({ joined, waiting, repeated }) => {
      total.inc({ outcome: 'joined' }, joined);
      total.inc({ outcome: 'waiting' }, waiting);
      total.inc({ outcome: 'repeated' }, repeated);
    },
    expired: (count) => total.inc({ outcome: 'expired' }, count),
  };
};

export const registerLakeMetrics = (registry: Registry): LakeMetrics => {
  const counter = (name: string, help: string) => new Counter({ name, help, registers: [registry] });
  const rows = counter('sluice_lake_rows_total', 'Predictions that were written to files of the lake');
  const files = counter('sluice_lake_files_total', 'Files that were written');
  const passedOver = counter('sluice_lake_passed_over_total', 'Messages that are no records');
  return {
    wrote: (newRows, newFiles) => {
      rows.inc(newRows);
      files.inc(newFiles);
    },
    passedOver: () => passedOver.inc(),
  };
};
