import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';

/** Codes of the operating system and of lmdb (lmdb.h) that somebody can mend. */
const reasons = new Map<unknown, string>([
  [5, 'the disk does not take more; it may be full'],
  [28, 'the disk is full'],
  ['ENOSPC', 'the disk is full'],
  [122, 'the quota of the disk is used up'],
  ['EDQUOT', 'the quota of the disk is used up'],
  [13, 'permission denied'],
  ['EACCES', 'permission denied'],
  [30, 'the disk is read-only'],
  ['EROFS', 'the disk is read-only'],
  [-30790, 'too many processes have it open'],
]);

const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

/**
 * Does something with the files of a log.
 * @throws SluiceError EVENT_LOG_UNAVAILABLE, saying why in words where they are known
 */
export const sayingWhy = <T>(url: string, work: () => T): T => {
  try {
    return work();
  } catch (error) {
    if (error instanceof SluiceError) throw error;
    const why = reasons.get(codeOf(error)) ?? messageOf(error);
    throw new SluiceError('EVENT_LOG_UNAVAILABLE', `${url} cannot be written or read: ${why}`, {
      cause: error,
    });
  }
};
