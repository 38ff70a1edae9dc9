import { isForeign } from './foreign-files.ts';
import type { PackageFault } from './package-error.ts';
import { nameLimits } from './package-limits.ts';

const { maxPartBytes, maxPathBytes, maxParts } = nameLimits;

// biome-ignore lint/suspicious/noControlCharactersInRegex: they are what it is about.
const controls = /[\u0000-\u001f\u007f]/;

/** What is wrong with a name by itself. */
const nameFault = (path: string): string | undefined => {
  const parts = path.split('/');
  if (path === '') return 'has no name';
  if (!path.isWellFormed()) return 'is not valid Unicode';
  if (controls.test(path)) return 'has a control character in its name';
  if (path.includes('\\')) return 'has a backslash in its name; folders are parted by /';
  if (path.startsWith('/') || /^[A-Za-z]:/.test(path))
    return 'is absolute; names are relative to the package';
  if (parts.some((part) => part === '..' || part === '.' || part === ''))
    return "leads elsewhere: no part of a name is empty, '.' or '..'";
  // Sluice keeps its own files beside those of a release under such names.
  if (parts.some((part) => part.startsWith('.'))) return 'has a name that begins with a dot; leave it out';
  if (parts.length > maxParts) return `has more than ${maxParts} parts in its name`;
  if (Buffer.byteLength(path) > maxPathBytes) return `has a name of more than ${maxPathBytes} bytes`;
  if (parts.some((part) => Buffer.byteLength(part) > maxPartBytes))
    return `has a name of more than ${maxPartBytes} bytes`;
  return undefined;
};

const kindFault = (path: string): string | undefined =>
  isForeign(path)
    ? 'is no part of an ONNX model; a package holds no other models, programs or archives'
    : undefined;

/** How a file system that does not tell case or Unicode forms apart sees a name. */
const folded = (path: string): string => path.normalize('NFC').toLowerCase().normalize('NFC');

const twins = (paths: readonly string[]): PackageFault[] => {
  const seen = new Map<string, string>();
  const faults: PackageFault[] = [];
  for (const path of paths) {
    const other = seen.get(folded(path));
    if (other === undefined) seen.set(folded(path), path);
    else if (other === path) faults.push({ file: path, message: 'is there twice' });
    else faults.push({ file: path, message: `is the same name as ${other} to some file systems` });
  }
  return faults;
};

/** A file or folder of one name cannot both be. */
const shadows = (paths: readonly string[]): PackageFault[] => {
  const files = new Map(paths.map((path) => [folded(path), path]));
  return paths.flatMap((path) => {
    const parts = folded(path).split('/');
    const above = parts.slice(1).map((_, index) => parts.slice(0, index + 1).join('/'));
    const file = above.map((each) => files.get(each)).find((each) => each !== undefined);
    return file === undefined ? [] : [{ file: path, message: `lies in ${file}, which is a file` }];
  });
};

/** What a package may not be given: hidden characters are shown, so that a message has one line. */
const shown = (path: string): string => JSON.stringify(path.toWellFormed()).slice(1, -1);

/**
 * What is wrong with the names of a package's files, before any of them is written.
 * @param paths relative to the package, with forward slashes
 */
export const fileNameFaults = (paths: readonly string[]): PackageFault[] => {
  const faults = paths.flatMap((path) => {
    const message = nameFault(path) ?? kindFault(path);
    return message === undefined ? [] : [{ file: path, message }];
  });
  return [...faults, ...twins(paths), ...shadows(paths)].map((fault) => ({
    ...fault,
    file: shown(fault.file),
  }));
};
