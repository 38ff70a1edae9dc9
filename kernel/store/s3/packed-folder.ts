import { z } from 'zod';

/** The object that makes a folder of blobs; it is the last one that is written. */
export const packedName = '.folder.json';
/** Where the files of packed folders lie, each under the SHA-256 of its bytes. */
export const blobFolder = '_blobs';

const packedFile = z.object({
  path: z.string().min(1),
  size: z.number().int().min(0),
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
});
const packedFolder = z.object({ files: z.array(packedFile) });

/** One file of a packed folder; its path is relative to it. */
export type PackedFile = Readonly<z.infer<typeof packedFile>>;
export type PackedFolder = ReadonlyMap<string, PackedFile>;

export const blobKey = ({ sha256 }: Pick<PackedFile, 'sha256'>): string => `${blobFolder}/${sha256}`;

const inOrder = (one: PackedFile, other: PackedFile): number => (one.path < other.path ? -1 : 1);

export const encodePacked = (files: readonly PackedFile[]): Buffer =>
  Buffer.from(`${JSON.stringify({ files: [...files].sort(inOrder) }, null, 2)}\n`, 'utf8');

/** @throws Error naming the object, where it cannot be read. */
export const parsePacked = (bytes: Buffer, key: string): PackedFolder => {
  const parsed = packedFolder.safeParse(readJson(bytes));
  if (!parsed.success) throw new Error(`${key} does not list the files of a folder`);
  return new Map(parsed.data.files.map((file) => [file.path, file]));
};

const readJson = (bytes: Buffer): unknown => {
  try {
    return JSON.parse(bytes.toString('utf8'));
  } catch {
    return undefined;
  }
};
