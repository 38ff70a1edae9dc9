/** Checks what no other tool checks, over all files that git knows or would add. Exit code 1 if any is broken. */
import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { houseFaults, type SourceFile } from './house-faults.ts';

const root = resolve(import.meta.dirname, '..');

function isText(bytes: Buffer): boolean {
  return !bytes.subarray(0, 8192).includes(0);
}

function readFiles(): SourceFile[] {
  const args = ['ls-files', '-z', '--cached', '--others', '--exclude-standard', '--deduplicate'];
  const deleted = new Set(list(['ls-files', '-z', '--deleted']));
  return list(args)
    .filter((path) => !deleted.has(path))
    .map((path) => ({ path, bytes: readFileSync(join(root, path)) }))
    .filter(({ bytes }) => isText(bytes))
    .map(({ path, bytes }) => ({ path, text: bytes.toString() }));
}

function list(args: readonly string[]): string[] {
  const output = execFileSync('git', args, { cwd: root, encoding: 'utf8', maxBuffer: 2 ** 26 });
  return output.split('\0').filter((path) => path !== '');
}

const faults = houseFaults(readFiles());
for (const fault of faults) console.error(fault);
process.exitCode = faults.length === 0 ? 0 : 1;
