import { SluiceError } from '../errors/sluice-error.ts';

/** What keeps a disk from taking more. */
const full = new Map([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'permission denied'],
]);

const codeOf = (error: unknown): string =>
  error instanceof Error && 'code' in error ? String(error.code) : '';

/**
 * Writes to a disk; errors that its owner can mend are said in words.
 * @param place what could not be written: the URL of a store, a folder.
 * @throws SluiceError STORE_UNAVAILABLE for a disk that takes no more.
 */
export const onDisk = async <T>(place: string, write: () => Promise<T>): Promise<T> => {
  try {
    return await write();
  } catch (error) {
    const why = full.get(codeOf(error));
    if (why === undefined) throw error;
    throw new SluiceError('STORE_UNAVAILABLE', `${place} cannot be written: ${why}`, { cause: error });
  }
};

/** Whether a store could not be asked, which says nothing about what it holds. */
export const isStoreUnavailable = (error: unknown): boolean =>
  error instanceof SluiceError && error.code === 'STORE_UNAVAILABLE';
