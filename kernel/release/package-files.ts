import { createHash } from 'node:crypto';
import type { Store } from '../store/store.ts';
import type { DigestedFile } from './digest.ts';
import { PackageError } from './package-error.ts';
import { maxBytesInMemory, type PackageLimits } from './package-limits.ts';
import { publicationFile } from './publication.ts';

/** Which package is read. */
export interface ExamineOptions {
  readonly store: Store;
  readonly model: string;
  readonly version: string;
  /** Of a publication. Not given: a load, which is not asked again what a publication was asked. */
  readonly limits?: PackageLimits;
}

/** The files of a package, as they are in the store. */
export interface PackageFiles {
  /** All but the record of its publication: the digest's. */
  readonly files: readonly DigestedFile[];
  /** Those that are read further. */
  readonly contents: ReadonlyMap<string, Buffer>;
}

type Room = { readonly maxBytes: number; readonly message: string };

/** What stays in memory is read at once: pieces of it would take the memory twice. */
async function* wholly(store: Store, path: string): AsyncIterable<Uint8Array> {
  yield await store.read(path);
}

const piecesOf = (store: Store, path: string, isKept: boolean): AsyncIterable<Uint8Array> =>
  isKept ? wholly(store, path) : store.open(path);

interface ReadFile {
  readonly file: DigestedFile;
  readonly bytes: Buffer | undefined;
}

const readFile = async (store: Store, folder: string, path: string, room: Room): Promise<ReadFile> => {
  const isKept = maxBytesInMemory.has(path);
  const hash = createHash('sha256');
  let [size, bytes]: [number, Buffer | undefined] = [0, undefined];
  for await (const piece of piecesOf(store, `${folder}/${path}`, isKept)) {
    size += piece.byteLength;
    if (size > room.maxBytes) throw new PackageError([{ file: path, message: room.message }]);
    hash.update(piece);
    if (isKept) bytes = Buffer.from(piece.buffer, piece.byteOffset, piece.byteLength);
  }
  return { file: { path, size, sha256: hash.digest('hex') }, bytes };
};

/** The narrowest limit of a file when so many bytes of the package are read already. */
const roomFor = (path: string, read: number, limits: PackageLimits): Room => {
  const ofFile = Math.min(limits.maxFileBytes, maxBytesInMemory.get(path) ?? Number.POSITIVE_INFINITY);
  const left = limits.maxTotalBytes - read;
  return left < ofFile
    ? {
        maxBytes: left,
        message: `the package has more than ${limits.maxTotalBytes} bytes, the most it may have`,
      }
    : { maxBytes: ofFile, message: `has more than ${ofFile} bytes, the most it may have` };
};

/** A load does not ask again what a publication was asked. */
const noLimits: PackageLimits = {
  maxFiles: Number.POSITIVE_INFINITY,
  maxFileBytes: Number.POSITIVE_INFINITY,
  maxTotalBytes: Number.POSITIVE_INFINITY,
};

/**
 * Reads a package: each file's size and hash piece by piece, and the contents of those that say what it is.
 * @param limits none: whatever lies in the store, as far as memory has to hold it
 * @throws PackageError naming the file that is too large.
 */
export const readPackageFiles = async (
  store: Store,
  folder: string,
  paths: readonly string[],
  limits: PackageLimits = noLimits,
): Promise<PackageFiles> => {
  const [files, contents]: [DigestedFile[], Map<string, Buffer>] = [[], new Map()];
  let read = 0;
  for (const path of paths) {
    const { file, bytes } = await readFile(store, folder, path, roomFor(path, read, limits));
    read += file.size;
    if (bytes !== undefined) contents.set(path, bytes);
    if (path !== publicationFile) files.push(file);
  }
  return { files, contents };
};
