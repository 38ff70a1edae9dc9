import { z } from 'zod';
import { count, durationMs } from './environment.ts';

const weekMs = 7 * 86_400_000;

/** The variables of every process that has a spool. */
export const spoolShape = {
  SPOOL_FOLDER: z
    .string()
    .optional()
    .describe('folder of the spools of records on this machine; default <SLUICE_HOME>/spool'),
  SPOOL_MAX_BYTES: count()
    .default(4 * 1024 ** 3)
    .describe('what a spool may take on the disk; what must be recorded is refused beyond it'),
  SPOOL_MAX_AGE_MS: durationMs(1)
    .default(weekMs)
    .describe(
      'age of the oldest record that is not known to be stored, beyond which the spool takes no more',
    ),
};

export const spoolFolderOf = (config: {
  readonly SLUICE_HOME: string;
  readonly SPOOL_FOLDER?: string | undefined;
}): string => config.SPOOL_FOLDER ?? `${config.SLUICE_HOME}/spool`;
