import { removeFolder } from './disk/folders.ts';
import type { SpoolFolder } from './disk/spool-folder.ts';
import type { Writer } from './disk/writer.ts';
import type { Shipper } from './ship/source.ts';

/** What a segment of which all is stored may grow to before it is left for another one. */
const leftShare = 1 / 4;

/** A segment whose head a power loss may take is left for another one. */
const isDurable = async (writer: Writer): Promise<boolean> => {
  try {
    await writer.durable;
    return true;
  } catch {
    writer.leaveSegment = true;
    return false;
  }
};

/** Removes segments of the own folder of which all is stored. */
export const tidyOwn = async (folder: SpoolFolder, writer: Writer, segmentBytes: number): Promise<void> => {
  const stored = folder.stored();
  // The last one is written, or tells the next sequence.
  const last = folder.segments.at(-1)?.first;
  if (last !== undefined && stored.includes(last) && writer.segmentBytes > segmentBytes * leftShare)
    writer.leaveSegment = true;
  const past = stored.filter((first) => first !== last);
  if (past.length === 0 || !(await isDurable(writer))) return;
  for (const first of past) {
    const before = folder.diskBytes;
    await folder.remove(first);
    writer.forget(before - folder.diskBytes);
  }
};

/** Removes of an adopted folder what is stored; whether that was all. */
export const tidyAdopted = async (folder: SpoolFolder, shipper: Shipper): Promise<boolean> => {
  for (const first of folder.stored()) await folder.remove(first);
  if (folder.segments.length > 0) return false;
  await shipper.remove(folder.id);
  await removeFolder(folder.lock, folder.id);
  return true;
};
