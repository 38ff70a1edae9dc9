import { fdatasync } from 'node:fs';
import { type FileHandle, open, rm } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { groupSync } from './group-sync.ts';
import { encodeSegmentHead, segmentName } from './segment-head.ts';

/** The segment that is written now. */
export interface SegmentFile {
  readonly first: number;
  readonly handle: FileHandle;
  readonly headBytes: number;
  /** Resolves when the file itself survives a power loss, with what its head says. */
  readonly named: Promise<void>;
  /** Resolves when all that was written before survives a power loss. */
  sync(): Promise<void>;
  /** Closes the file when nobody waits for it. */
  close(): Promise<void>;
}

const dataSync = promisify(fdatasync);

const syncFolder = async (folder: string): Promise<void> => {
  const handle = await open(folder, 'r');
  try {
    await handle.sync();
  } finally {
    await handle.close();
  }
};

/** Makes a segment; where that fails nothing is left of it. */
export const createSegment = async (
  folder: string,
  first: number,
  topics: readonly string[],
): Promise<SegmentFile> => {
  const path = join(folder, segmentName(first));
  const head = encodeSegmentHead(first, topics);
  const handle = await open(path, 'w');
  try {
    const { bytesWritten } = await handle.write(head, 0, head.length, 0);
    if (bytesWritten < head.length)
      await handle.write(head, bytesWritten, head.length - bytesWritten, bytesWritten);
  } catch (error) {
    await handle.close();
    await rm(path, { force: true });
    throw error;
  }
  // What lies in a file that the folder does not know is lost with the power, however well it was written.
  const named = handle.sync().then(() => syncFolder(dirname(path)));
  named.catch(() => undefined);
  const data = groupSync(() => dataSync(handle.fd));
  let asked: Promise<unknown> = named;
  const sync = (): Promise<void> => {
    const both = Promise.all([named, data()]).then(() => undefined);
    asked = Promise.allSettled([asked, both]);
    return both;
  };
  const close = async (): Promise<void> => {
    await Promise.allSettled([asked]);
    await handle.close();
  };
  return { first, handle, headBytes: head.length, named, sync, close };
};
