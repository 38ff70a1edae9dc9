import { z } from 'zod';
import { PackageError } from './package-error.ts';
import { pathText, schemaFaults } from './schema-faults.ts';

/** Beside a release's files and none of them: it is not part of the digest. */
export const publicationFile = '.published.json';

const publicationSchema = z.strictObject({
  /** Of the files as they were published. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'),
  by: z.string().min(1),
  /** RFC 3339, UTC. */
  at: z.iso.datetime('expected a time such as 2026-11-21T10:00:00Z'),
  /** The machine that it came from. */
  from: z.string(),
});
export type Publication = z.infer<typeof publicationSchema>;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new PackageError([{ file: publicationFile, message: 'this is not JSON' }], cause);
  }
};

/** @throws PackageError naming every fault. */
export const parsePublication = (text: string): Publication => {
  const value = parsed(text);
  const { success, data, error } = publicationSchema.safeParse(value);
  if (success) return data;
  throw new PackageError(
    schemaFaults(publicationSchema, value, error).map(({ path, message }) => ({
      file: publicationFile,
      path: pathText(path),
      message,
    })),
  );
};
