import { predictionsTopic } from '@sluice/kernel/records/topics';
import type { Store } from '@sluice/kernel/store/store';
import { consumeRecords } from '../consume-records.ts';
import type { StartConsumer } from '../keep-running.ts';
import { type LifeOptions, openLife } from '../open-life.ts';
import { repeat } from '../repeat.ts';
import type { RecorderMetrics } from '../telemetry/record-metrics.ts';
import { recordWork } from './record-work.ts';
import { dropOldRecords } from './retention.ts';

export const recorderGroup = 'sluice.recorder';

export interface RecorderOptions extends LifeOptions {
  /** Holds the revisions. */
  readonly revisions: Store;
  readonly recorder: RecorderMetrics;
  readonly retentionSweepMs: number;
}

/** `sluice.predictions.v1` → the database. */
export const startRecorder =
  (options: RecorderOptions): StartConsumer =>
  async (stack) => {
    const life = await openLife({ ...options, group: recorderGroup, topic: predictionsTopic }, stack);
    const { revisions, recorder, codecs, log, retentionSweepMs } = options;
    const retention = { store: revisions, records: life.store, log, onDropped: recorder.dropped };
    stack.use(
      repeat(() => dropOldRecords(retention, Date.now()), {
        intervalMs: retentionSweepMs,
        onError: (err) => log.warn({ err }, 'old records are not dropped for now'),
      }),
    );
    const work = recordWork({ codec: codecs.record, store: life.store, metrics: recorder });
    return life.consume(consumeRecords(work, life.ports));
  };
