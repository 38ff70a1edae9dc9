import { readFileSync } from 'node:fs';

const kibibytes = (status: string, field: string): number =>
  Number(new RegExp(`^${field}:\\s+(\\d+) kB`, 'm').exec(status)?.[1] ?? Number.NaN);

/** Memory of a process in MiB; `anonymous` leaves mapped files out. Linux only: NaN elsewhere. */
export const memoryOf = (pid: number): { readonly rss: number; readonly anonymous: number } => {
  try {
    const status = readFileSync(`/proc/${pid}/status`, 'utf8');
    return { rss: kibibytes(status, 'VmRSS') / 1024, anonymous: kibibytes(status, 'RssAnon') / 1024 };
  } catch {
    return { rss: Number.NaN, anonymous: Number.NaN };
  }
};
