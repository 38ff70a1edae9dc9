import { readdirSync } from 'node:fs';
import { join, sep } from 'node:path';

/** The suites and the folders of their *.test.ts files. */
export const suites: Readonly<Record<string, readonly string[]>> = {
  unit: [
    'protos',
    'kernel',
    'gateway',
    'model-runtime',
    'consumers',
    'cli',
    'scripts',
    'test/support',
    'test/bench',
  ],
  e2e: ['test/e2e'],
  conformance: ['test/conformance'],
  fault: ['test/fault'],
  soak: ['test/soak'],
};

const notOurs = new Set(['node_modules', 'dist', '.sluice', '.venv']);

function testsIn(root: string, folder: string): string[] {
  const entries = readdirSync(join(root, folder), { withFileTypes: true });
  return entries.flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return notOurs.has(entry.name) ? [] : testsIn(root, path);
    return entry.name.endsWith('.test.ts') ? [path] : [];
  });
}

function folderTests(root: string, folder: string): string[] {
  try {
    return testsIn(root, folder).sort();
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return [];
    throw error;
  }
}

/** The suite's test files, relative to `root`; throws if there is no such suite or it has no tests. */
export function findTests(root: string, suite: string): string[] {
  const folders = suites[suite];
  if (!folders) throw new Error(`no suite '${suite}'; there are ${Object.keys(suites).join(', ')}`);
  const files = folders.flatMap((folder) => folderTests(root, folder));
  if (files.length === 0) throw new Error(`suite '${suite}' has no *.test.ts file in ${folders.join(', ')}`);
  return files;
}

/** Whether some suite runs this test file (a path relative to the root). */
export function isInSuite(path: string): boolean {
  const folders = Object.values(suites).flat();
  return folders.some((folder) => path.split(sep).join('/').startsWith(`${folder}/`));
}
