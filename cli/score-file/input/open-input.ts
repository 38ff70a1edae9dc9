import { stat } from 'node:fs/promises';
import { unreadableFile, usageFailure } from '../../command-failure.ts';
import { formatOf } from '../file-format.ts';
import { openCsv } from './csv-input.ts';
import type { Input } from './input.ts';
import { openJsonl } from './jsonl-input.ts';
import { openParquet } from './parquet-input.ts';

const openers = { csv: openCsv, jsonl: openJsonl, parquet: openParquet };

/** @throws CommandFailure USAGE or UNREADABLE_FILE */
export const openInput = async (path: string): Promise<Input> => {
  const format = formatOf('INPUT', path);
  const found = await stat(path).catch((error: unknown) => {
    throw unreadableFile(path, error);
  });
  if (!found.isFile()) throw usageFailure(`${path} is no file`);
  if (found.size === 0) throw usageFailure(`${path} is empty`);
  const input = await openers[format](path, found.size).catch((error: unknown) => {
    throw error instanceof Error && 'syscall' in error ? unreadableFile(path, error) : error;
  });
  if (input.columns.length === 0) throw usageFailure(`${path} has no columns`);
  return input;
};
