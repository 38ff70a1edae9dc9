import { z } from 'zod';
import { linesOf } from '../config/zod-faults.ts';

/** Beside a release's files and none of them: it is not part of the digest. */
export const publicationFile = '.published.json';

const publicationSchema = z.strictObject({
  /** Of the files as they were published. */
  digest: z.string().regex(/^sha256:[0-9a-f]{64}$/, 'expected sha256: and 64 hexadecimal digits'),
  by: z.string().min(1),
  /** RFC 3339, UTC. */
  at: z.iso.datetime(),
  /** The machine that it came from. */
  from: z.string(),
});
export type Publication = z.infer<typeof publicationSchema>;

const parsed = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch (cause) {
    throw new Error(`${publicationFile} is not JSON`, { cause });
  }
};

/** @throws Error whose message names every fault. */
export const parsePublication = (text: string): Publication => {
  const { success, data, error } = publicationSchema.safeParse(parsed(text));
  if (success) return data;
  throw new Error(`${publicationFile}: ${linesOf(error)}`);
};
