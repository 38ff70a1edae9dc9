import type { Violation } from '@sluice/kernel/errors/sluice-error';

/** Of one path, and of a name in it, in bytes: what file systems and object stores take. */
const maxPathBytes = 900;
const maxNameBytes = 255;
const maxDepth = 16;

const ruleOf = (path: string): string | undefined => {
  const names = path.split('/');
  if (/[\\\p{Cc}]/u.test(path)) return 'no backslashes and control characters';
  if (names.some((name) => name === '')) return 'names between single slashes, relative to the package';
  // `.` and `..` too; Sluice keeps its own files beside those of a release under such names.
  if (names.some((name) => name.startsWith('.'))) return 'no name that begins with a dot';
  if (names.length > maxDepth) return `at most ${maxDepth} names`;
  if (names.some((name) => Buffer.byteLength(name) > maxNameBytes)) return `names of ${maxNameBytes} bytes`;
  return Buffer.byteLength(path) > maxPathBytes ? `at most ${maxPathBytes} bytes` : undefined;
};

/** Folders that a path leads through: `a`, `a/b` of `a/b/c`. */
const foldersOf = (path: string): string[] => {
  const names = path.split('/').slice(0, -1);
  return names.map((_, index) => names.slice(0, index + 1).join('/'));
};

/** As a file system that does not tell upper from lower case, or forms of Unicode, sees it. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase();

/** What keeps paths from being those of a package; one fault a path. */
export const pathFaults = (paths: readonly string[]): Violation[] => {
  const seen = new Set<string>();
  const folders = new Set(paths.flatMap((path) => foldersOf(folded(path))));
  return paths.flatMap((path) => {
    const expected = ruleOf(path);
    const key = folded(path);
    const isTaken = seen.has(key) || folders.has(key);
    seen.add(key);
    if (expected !== undefined)
      return [{ path: 'files', rule: 'path', message: `'${path}': expected ${expected}` }];
    if (!isTaken) return [];
    return [
      {
        path: 'files',
        rule: 'unique',
        message: `'${path}' is the name of another file or folder of the package`,
      },
    ];
  });
};
