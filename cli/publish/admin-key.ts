import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { CommandFailure, exitCodes, unreadableFile } from '../command-failure.ts';
import type { Terminal } from '../terminal.ts';

/** Where `sluice start` keeps the admin key of its gateway, below SLUICE_HOME. */
export const adminKeyFile = 'admin-key';

const missing = (path: string): CommandFailure =>
  new CommandFailure(
    `publishing needs the admin key of the gateway: SLUICE_ADMIN_KEY, --admin-key-file, or ${path} as npm start writes it`,
    { code: 'NO_ADMIN_KEY', exitCode: exitCodes.usage },
  );

const isMissing = (error: unknown): boolean =>
  error instanceof Error && 'code' in error && error.code === 'ENOENT';

/**
 * The admin key, from the file that was named, the environment, or where npm start keeps it.
 * @throws CommandFailure NO_ADMIN_KEY or UNREADABLE_FILE
 */
export const findAdminKey = async (file: string | undefined, { environment }: Terminal): Promise<string> => {
  const given = environment['SLUICE_ADMIN_KEY'];
  if (file === undefined && given) return given.trim();
  const path = file ?? join(environment['SLUICE_HOME'] || '.sluice', adminKeyFile);
  try {
    return (await readFile(path, 'utf8')).trim();
  } catch (error) {
    throw file === undefined && isMissing(error) ? missing(path) : unreadableFile(path, error);
  }
};
