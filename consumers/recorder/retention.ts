import type { RecordStore } from '@sluice/kernel/records/record-store';
import { recordingOf } from '@sluice/kernel/revision/record-settings';
import { settingsOf } from '@sluice/kernel/revision/revision';
import { newestRevision } from '@sluice/kernel/revision/revisions';
import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';

export interface RetentionOptions {
  /** Holds the revisions, which say how long the records of a model are kept. */
  readonly store: Store;
  readonly records: Pick<RecordStore, 'models' | 'dropBefore'>;
  readonly log: Log;
  readonly onDropped: (days: number) => void;
}

/** Removes the days that are over, of every model. A revision that cannot be read removes nothing: it may say to keep. */
export const dropOldRecords = async (
  { store, records, log, onDropped }: RetentionOptions,
  nowMs: number,
): Promise<void> => {
  const { revision, faults } = await newestRevision(store);
  if (faults.length > 0) throw new Error(`the newest revision cannot be read: ${faults.join('; ')}`);
  for (const model of await records.models()) {
    const { retentionMs } = recordingOf(settingsOf(revision, model).record);
    const days = await records.dropBefore(model, nowMs - retentionMs);
    if (days.length === 0) continue;
    onDropped(days.length);
    log.info({ model, days }, 'records dropped after their retention');
  }
};
