import { extname } from 'node:path';
import { usageFailure } from '../command-failure.ts';
import { type ExportFormat, exportFormats } from '../export/export-predictions.ts';

/** @param what is wanted: `INPUT`, `--out` @throws CommandFailure USAGE for another ending */
export const formatOf = (what: string, path: string): ExportFormat => {
  const ending = extname(path).slice(1).toLowerCase();
  const format = exportFormats.find((each) => each === ending);
  if (format !== undefined) return format;
  throw usageFailure(`${what}: expected a file that ends with .parquet, .csv or .jsonl, got '${path}'`);
};
