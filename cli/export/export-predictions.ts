import { rename, rm } from 'node:fs/promises';
import type { GatewayOptions } from '../gateway-client.ts';
import type { ProgressBar } from '../output/progress-bar.ts';
import { type PredictionFilter, walkPredictions } from '../predictions/list-predictions.ts';
import { type Column, columnSet } from './column-set.ts';
import { csvLine } from './csv-line.ts';
import { flattenPrediction } from './flatten-prediction.ts';
import { isLabelled } from './latest-feedback.ts';
import { writeParquet } from './parquet-file.ts';
import { jsonLine, openLineFile, readRows } from './row-file.ts';

export const exportFormats = ['parquet', 'csv', 'jsonl'] as const;
export type ExportFormat = (typeof exportFormats)[number];

export interface ExportOptions {
  readonly gateway: GatewayOptions;
  /** The latest last: from and to are given, so that an end is certain. */
  readonly filter: PredictionFilter & { readonly from: string; readonly to: string };
  /** Only labelled rows, with what is known about them. */
  readonly withFeedback: boolean;
  readonly path: string;
  readonly format: ExportFormat;
  readonly progress: ProgressBar;
  /** Ends it between two rows. */
  readonly stop: AbortSignal;
}

/**
 * Writes predictions into a file, which is there as a whole or not at all. Rows go to a file beside it first: which
 * columns there are, and of which kind, is known after the last one.
 * @returns how many rows; of 0 there is no file
 */
export const exportPredictions = async (options: ExportOptions): Promise<number> => {
  const { path, format } = options;
  const rowsPath = `${path}.${process.pid}.rows`;
  const partPath = `${path}.${process.pid}.part`;
  try {
    const { rows, columns } = await gather(options, rowsPath);
    if (rows === 0) return 0;
    if (format === 'csv') await writeCsv(partPath, columns, rowsPath);
    if (format === 'parquet') await writeParquet(partPath, columns, readRows(rowsPath));
    await rename(format === 'jsonl' ? rowsPath : partPath, path);
    return rows;
  } finally {
    await Promise.all([rowsPath, partPath].map((each) => rm(each, { force: true })));
  }
};

const gather = async (
  options: ExportOptions,
  path: string,
): Promise<{ rows: number; columns: readonly Column[] }> => {
  const { gateway, filter, withFeedback, format, progress, stop } = options;
  const [fromMs, toMs] = [Date.parse(filter.from), Date.parse(filter.to)];
  const found = columnSet();
  let rows = 0;
  await using file = await openLineFile(path);
  const asked = { ...filter, ascending: true, ...(withFeedback && { hasFeedback: true }) };
  for await (const stored of walkPredictions(gateway, asked)) {
    stop.throwIfAborted();
    progress.at((Date.parse(stored.record.time) - fromMs) / (toMs - fromMs), rows);
    if (withFeedback && !isLabelled(stored.feedback)) continue;
    const row = flattenPrediction(stored, withFeedback);
    if (format !== 'jsonl') found.add(row);
    await file.write(jsonLine(row));
    rows += 1;
  }
  await file.finish();
  return { rows, columns: found.columns() };
};

const writeCsv = async (path: string, columns: readonly Column[], rowsPath: string): Promise<void> => {
  await using file = await openLineFile(path);
  await file.write(csvLine(columns.map(({ name }) => name)));
  for await (const row of readRows(rowsPath))
    await file.write(csvLine(columns.map(({ name }) => row.get(name) ?? null)));
  await file.finish();
};
