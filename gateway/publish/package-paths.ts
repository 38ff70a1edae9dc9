import type { Violation } from '@sluice/kernel/errors/sluice-error';
import { fileNameFaults } from '@sluice/kernel/release/file-names';

/** What keeps paths from being those of a package. */
export const pathFaults = (paths: readonly string[]): Violation[] =>
  fileNameFaults(paths).map(({ file, message }) => ({
    path: 'files',
    rule: 'path',
    message: `'${file}' ${message}`,
  }));
