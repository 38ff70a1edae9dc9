import { statfs } from 'node:fs/promises';

const [smallest, largest] = [64 * 1024, 16 * 1024 ** 2];
/** The last segment of a spool is not removed: it may hold at most this share of what there is room for. */
const share = 1 / 8;

const roomOf = async (folder: string): Promise<number> => {
  try {
    const { bavail, bsize } = await statfs(folder);
    return bavail * bsize;
  } catch {
    // Not made yet: whoever makes it says why it cannot be.
    return Number.POSITIVE_INFINITY;
  }
};

/** How large segments are to be, in bytes, so that a small spool or disk that was full gets room when all is stored. */
export const segmentBytesFor = async (folder: string, maxBytes: number): Promise<number> => {
  const room = Math.min(maxBytes, await roomOf(folder));
  return Math.round(Math.min(largest, Math.max(smallest, room * share)));
};
