import type { DatabaseOptions } from './postgresql/connect.ts';
import { openDatabase } from './postgresql/database.ts';
import { expireFeedback } from './postgresql/expire-feedback.ts';
import { openPartitions } from './postgresql/partitions.ts';
import { dropBefore, storedModels } from './postgresql/retention.ts';
import { storeFeedback } from './postgresql/store-feedback.ts';
import { storePredictions } from './postgresql/store-predictions.ts';
import type { RecordCodecs } from './record-codec.ts';
import type { RecordStore } from './record-store.ts';

export interface RecordStoreOptions extends DatabaseOptions {
  readonly codecs: RecordCodecs;
}

/**
 * Records in PostgreSQL, or in PGlite behind its socket. Opening does not wait for it; its schema must have been
 * brought up to date by migrateRecords when it is first used.
 * @throws SluiceError INVALID_INPUT for a URL that is none of PostgreSQL's
 */
export const openRecordStore = ({ codecs, ...options }: RecordStoreOptions): RecordStore => {
  const database = openDatabase(options);
  const partitions = openPartitions(database);
  return {
    storePredictions: (batch) => storePredictions(database, partitions, batch),
    storeFeedback: (batch) => storeFeedback(database, codecs, batch),
    expireFeedback: (receivedBeforeMs) => expireFeedback(database, codecs, receivedBeforeMs),
    dropBefore: async (model, beforeMs) => {
      const days = await dropBefore(database, model, beforeMs);
      if (days.length > 0) partitions.forget();
      return days;
    },
    models: () => storedModels(database),
    [Symbol.asyncDispose]: () => database[Symbol.asyncDispose](),
  };
};
