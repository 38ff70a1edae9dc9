import { removeFolder } from './disk/folders.ts';
import type { SpoolFolder } from './disk/spool-folder.ts';
import type { Writer } from './disk/writer.ts';
import type { Shipper } from './ship/source.ts';

/**
 * Does something with a folder whose lock is ours; false: not done, for the spool is closing, and the lock may be somebody
 * else's soon.
 */
export type Step = (work: () => Promise<void>) => Promise<boolean>;

/** Steps one after the other, none of which begins after the signal was aborted. */
export const openSteps = (signal: AbortSignal): { readonly step: Step; settled(): Promise<void> } => {
  let running = Promise.resolve();
  return {
    step: async (work) => {
      if (signal.aborted) return false;
      running = work();
      await running;
      return true;
    },
    /** Waits for the one that runs. */
    settled: () => running.catch(() => undefined),
  };
};

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
export const tidyOwn = async (
  folder: SpoolFolder,
  {
    writer,
    segmentBytes,
    step,
  }: { readonly writer: Writer; readonly segmentBytes: number; readonly step: Step },
): Promise<void> => {
  const stored = folder.stored();
  // The last one is written, or tells the next sequence.
  const last = folder.segments.at(-1)?.first;
  if (last !== undefined && stored.includes(last) && writer.segmentBytes > segmentBytes * leftShare)
    writer.leaveSegment = true;
  const past = stored.filter((first) => first !== last);
  if (past.length === 0 || !(await isDurable(writer))) return;
  for (const first of past) {
    const before = folder.diskBytes;
    await step(() => folder.remove(first));
    writer.forget(before - folder.diskBytes);
  }
};

/** Removes of an adopted folder what is stored; whether that was all. */
export const tidyAdopted = async (
  folder: SpoolFolder,
  { shipper, step }: { readonly shipper: Shipper; readonly step: Step },
): Promise<boolean> => {
  for (const first of folder.stored()) await step(() => folder.remove(first));
  if (folder.segments.length > 0) return false;
  await shipper.remove(folder.id);
  return step(() => removeFolder(folder.lock, folder.id));
};
