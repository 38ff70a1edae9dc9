import { createHash } from 'node:crypto';

export interface DigestedFile {
  /** Relative to the release's folder, with forward slashes. */
  readonly path: string;
  readonly size: number;
  /** Hexadecimal. */
  readonly sha256: string;
}

export const sha256 = (bytes: Uint8Array): string => createHash('sha256').update(bytes).digest('hex');

/**
 * Digest of a release: SHA-256 over the list of (path, size, sha-256) of all its files, sorted by
 * path in code unit order, one file a line, its three parts separated by tabs.
 */
export const digestOf = (files: readonly DigestedFile[]): string => {
  const sorted = [...files].sort((a, b) => (a.path < b.path ? -1 : 1));
  const lines = sorted.map(({ path, size, sha256: hash }) => `${path}\t${size}\t${hash}\n`);
  return `sha256:${sha256(Buffer.from(lines.join(''), 'utf8'))}`;
};
