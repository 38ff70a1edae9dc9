import { createHash } from 'node:crypto';
import { mkdir, readdir, readFile, rename, rm, stat, utimes } from 'node:fs/promises';
import { join } from 'node:path';
import { SluiceError } from '../../errors/sluice-error.ts';
import { newStaging, stageFolder, stagingFolder } from '../stage-folder.ts';
import { onDisk } from '../unavailable.ts';
import type { Source, Sourced } from './object-tree.ts';

type Fetch = (source: Source) => AsyncIterable<Uint8Array>;

export interface CacheOptions {
  readonly folder: string;
  /** What its folders may have together; the ones that were not asked for the longest go first. */
  readonly maxBytes: number;
}

/** Nobody takes longer from asking for a folder to opening its files. */
const inUseMs = 10 * 60_000;

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

const sha256 = (bytes: Uint8Array | string): string => createHash('sha256').update(bytes).digest('hex');

/** Says what bytes a source has; undefined: it is not known. */
const idOf = (url: string, source: Source): string | undefined => {
  if ('blob' in source) return source.blob.sha256;
  return source.object && `${url} ${source.key} ${source.object.size} ${source.object.etag}`;
};

/** Names what the files hold, not where they are: folders with other files have another name. */
const nameOf = (url: string, files: readonly Sourced[]): string =>
  sha256(
    files
      .map(({ path, source }) => `${path}\0${idOf(url, source)}`)
      .sort()
      .join('\n'),
  );

const isWhole = (bytes: Buffer, source: Source): boolean =>
  'blob' in source ? sha256(bytes) === source.blob.sha256 : bytes.byteLength === source.object?.size;

interface Kept {
  readonly path: string;
  readonly usedMs: number;
  readonly bytes: number;
}

const keptFolder = async (path: string): Promise<Kept> => {
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  const files = entries.filter((entry) => entry.isFile());
  const sizes = await Promise.all(files.map(({ parentPath, name }) => stat(join(parentPath, name))));
  return {
    path,
    usedMs: (await stat(path)).mtimeMs,
    bytes: sizes.reduce((sum, { size }) => sum + size, 0),
  };
};

/**
 * Folders of a bucket on the local disk, shared by all processes of one user. They are written whole,
 * under a name made of what they hold, and never changed.
 */
export const folderCache = ({ folder, maxBytes }: CacheOptions) => {
  const place = `STORE_CACHE ${folder}`;
  const open = async (): Promise<void> => {
    await onDisk(place, () => mkdir(folder, { recursive: true, mode: 0o700 }));
    const { uid } = await stat(folder);
    if (process.getuid !== undefined && uid !== process.getuid())
      throw new SluiceError('STORE_UNAVAILABLE', `${place} belongs to another user`);
  };
  const remove = async (path: string): Promise<void> => {
    const aside = newStaging(folder);
    await mkdir(join(folder, stagingFolder), { recursive: true });
    // Another process may have been quicker.
    await rename(path, aside).catch(() => undefined);
    await rm(aside, { recursive: true, force: true });
  };
  /** Makes room, least recently used first; what may be in use stays. */
  const trim = async (): Promise<void> => {
    const names = (await readdir(folder)).filter((name) => !name.startsWith('.'));
    const settled = await Promise.allSettled(names.map((name) => keptFolder(join(folder, name))));
    const kept = settled.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    let bytes = kept.reduce((sum, each) => sum + each.bytes, 0);
    for (const each of kept.sort((one, other) => one.usedMs - other.usedMs)) {
      if (bytes <= maxBytes || each.usedMs > Date.now() - inUseMs) break;
      await remove(each.path);
      bytes -= each.bytes;
    }
  };
  /** Files of this process's folders, by what they hold. */
  const files = new Map<string, string>();
  const fetched = async (url: string, wanted: readonly Sourced[], fetch: Fetch): Promise<string> => {
    const path = join(folder, nameOf(url, wanted));
    const now = new Date();
    // Used now: nobody removes it for a while, once it is still there after that.
    if (await exists(path)) await utimes(path, now, now).catch(() => undefined);
    if (await exists(path)) return path;
    const stored = wanted.map((file) => ({ path: file.path, open: () => fetch(file.source) }));
    if (await stageFolder(folder, stored, path, place)) await trim();
    return path;
  };
  return {
    /** The folder that holds these files; it is fetched if it is not there yet. */
    keep: async (url: string, wanted: readonly Sourced[], fetch: Fetch): Promise<string> => {
      await open();
      const path = await fetched(url, wanted, fetch);
      for (const { path: name, source } of wanted) {
        const id = idOf(url, source);
        if (id !== undefined) files.set(id, join(path, name));
      }
      return path;
    },
    /** The bytes of a file that this process keeps, if they are there as they were written. */
    read: async (url: string, source: Source): Promise<Buffer | undefined> => {
      const path = files.get(idOf(url, source) ?? '');
      const bytes = path === undefined ? undefined : await readFile(path).catch(() => undefined);
      return bytes !== undefined && isWhole(bytes, source) ? bytes : undefined;
    },
  };
};

export type FolderCache = ReturnType<typeof folderCache>;
