import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import type { Staging } from './engine.ts';
import { fileName, type LakeFile, type OffsetRange } from './file-name.ts';
import type { LakePlace } from './place.ts';

export interface Publication {
  readonly place: LakePlace;
  readonly staging: Staging;
  readonly range: OffsetRange;
  /** Files of the same partition that were there before, and may hold messages of the range. */
  readonly earlier: readonly LakeFile[];
  readonly signal: AbortSignal;
}

/**
 * Puts the files of a range into the lake, then removes earlier ones that begin within it and are not overwritten: what
 * else they hold comes again, with the next ranges. A file that begins before the range stays: it may hold what the log
 * has forgotten. May be repeated. Returns how many files there are.
 */
export const publishRange = async ({
  place,
  staging,
  range,
  earlier,
  signal,
}: Publication): Promise<number> => {
  const name = fileName(range);
  const written = new Set<string>();
  // Somebody may have removed the whole folder meanwhile.
  await mkdir(place.scratch, { recursive: true });
  for (const folder of staging.folders()) {
    signal.throwIfAborted();
    const local = join(place.scratch, `${process.pid}-${name}`);
    await staging.write(folder, local);
    const path = `${folder}/${name}`;
    await place.put(path, local);
    written.add(path);
  }
  for (const { path, first } of earlier) {
    if (first < range.first || first > range.last || written.has(path)) continue;
    signal.throwIfAborted();
    await place.remove(path);
  }
  return written.size;
};
