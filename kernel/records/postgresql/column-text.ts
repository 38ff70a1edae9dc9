import { createHash } from 'node:crypto';

/** What an index of PostgreSQL takes (2,700 bytes), with room for its other columns. */
const maxBytes = 512;

/** PostgreSQL's text holds every character but NUL. */
export const withoutNul = (text: string): string => text.replaceAll('\0', '\uFFFD');

/**
 * A text as its column has it, for storing and for looking it up: without NUL characters, and in place of a long one
 * its digest. What it gives back it leaves as it is.
 */
export const columnText = (text: string): string => {
  const short = text.length <= maxBytes && Buffer.byteLength(text) <= maxBytes;
  if (!short) return `sha256:${createHash('sha256').update(text).digest('hex')}`;
  return withoutNul(text);
};

/** The same; undefined, which is null, for none. */
export const optionalText = (text: string): string | undefined =>
  text === '' ? undefined : columnText(text);
