import type { TestContext } from 'node:test';
import { migrateRecords } from '../migrate-records.ts';
import { openPredictionReader } from '../open-prediction-reader.ts';
import { openRecordStore } from '../open-record-store.ts';
import type { PredictionQuery, PredictionReader } from '../prediction-reader.ts';
import type { RecordStore } from '../record-store.ts';
import type { DatabaseKind } from './database-kind.ts';
import { codecs } from './records.ts';

export interface Opened {
  readonly url: string;
  readonly store: RecordStore;
  readonly reader: PredictionReader;
  /** Another one, as another process has. */
  again(): RecordStore;
}

/** A database of its own with its tables; what was opened goes with the test. */
export const opened = async (kind: DatabaseKind, t: TestContext): Promise<Opened> => {
  const url = await kind.empty(t);
  await migrateRecords({ url });
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const again = () => stack.use(openRecordStore({ url, codecs }));
  return { url, store: again(), reader: stack.use(openPredictionReader({ url, codecs })), again };
};

/** The ids of all pages. */
export const idsOfPages = async (
  reader: PredictionReader,
  query: Partial<PredictionQuery> = {},
): Promise<string[][]> => {
  const pages: string[][] = [];
  let pageToken: string | undefined;
  do {
    const page = await reader.list({
      pageSize: 1_000,
      ascending: true,
      ...query,
      ...(pageToken === undefined ? {} : { pageToken }),
    });
    pages.push(page.predictions.map(({ record }) => record.predictionId));
    pageToken = page.nextPageToken;
  } while (pageToken !== undefined);
  return pages;
};

export const listedIds = async (
  reader: PredictionReader,
  query: Partial<PredictionQuery> = {},
): Promise<string[]> => (await idsOfPages(reader, query)).flat();
