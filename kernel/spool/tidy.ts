import { removeFolder } from './disk/folders.ts';
import type { SpoolFolder } from './disk/spool-folder.ts';
import type { Writer } from './disk/writer.ts';
import type { Shipper } from './ship/source.ts';

/** What a segment of which all is stored may grow to before it is left for another one. */
const leftShare = 1 / 4;

/** Removes segments of the own folder of which all is stored. */
export const tidyOwn = async (folder: SpoolFolder, writer: Writer, segmentBytes: number): Promise<void> => {
  const stored = folder.stored();
  if (stored.includes(writer.segment) && writer.segmentBytes > segmentBytes * leftShare)
    writer.leaveSegment = true;
  const past = stored.filter((first) => first !== writer.segment);
  if (past.length === 0) return;
  await writer.durable;
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
