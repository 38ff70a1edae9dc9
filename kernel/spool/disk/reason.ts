import { messageOf } from '../../errors/message-of.ts';

/** What the operating system means by its codes, for who has to mend it. */
const reasons = new Map<unknown, string>([
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EFBIG', 'a file may not grow further'],
  ['EIO', 'the disk fails'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'permission denied'],
  ['EPERM', 'permission denied'],
  ['ENOTDIR', 'there is a file of that name'],
  ['EMFILE', 'the process has too many files open'],
]);

export const codeOf = (error: unknown): unknown =>
  error instanceof Error && 'code' in error ? error.code : undefined;

export const reasonOf = (error: unknown): string => reasons.get(codeOf(error)) ?? messageOf(error);
