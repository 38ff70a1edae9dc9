import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { mkdir, mkdtemp, readFile, rename, rm, stat } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { repository } from '../support/process.ts';

/** The Python to run the scripts with, or why there is none. */
export type Venv = { readonly python: string } | { readonly missing: string };

export interface VenvOptions {
  /** Pythons to try, in this order. */
  readonly candidates?: readonly string[];
  /** Holds one folder for each requirements.txt that was ever installed. */
  readonly cache?: string;
  readonly requirements?: string;
  /** The newest Python that the packages run on: major and minor. */
  readonly newest?: readonly [major: number, minor: number];
  /** Whether every module is compiled at once; else each one when it is first imported. */
  readonly compile?: boolean;
  /** Whether a package without a wheel is a fault; else it is built. */
  readonly wheelsOnly?: boolean;
}

/** The oldest that all pinned packages have wheels for. */
const oldest = [3, 11] as const;
const defaults: Required<VenvOptions> = {
  candidates: ['python3', 'python3.14', 'python3.13', 'python3.12', 'python3.11'],
  cache: join(repository, 'node_modules/.cache/sluice-conformance'),
  requirements: join(import.meta.dirname, 'requirements.txt'),
  newest: [oldest[0], Number.POSITIVE_INFINITY],
  compile: true,
  wheelsOnly: true,
};
const installMs = 10 * 60_000;
const run = promisify(execFile);

/** Debian splits ensurepip off into python3-venv; without it a venv has no pip. */
const probe = 'import ensurepip, sys, venv; print(*sys.version_info[:2])';

/** "3.11", where it is a Python that can make a venv and is neither too old nor too new. */
const versionOf = async (
  python: string,
  newest: Required<VenvOptions>['newest'],
): Promise<string | undefined> => {
  try {
    const [major = 0, minor = 0] = (await run(python, ['-c', probe])).stdout.split(' ').map(Number);
    return major === oldest[0] && minor >= oldest[1] && minor <= newest[1] ? `${major}.${minor}` : undefined;
  } catch {
    return undefined;
  }
};

/** The first of the candidates that will do. */
export const findPython = async (
  candidates: readonly string[] = defaults.candidates,
  newest = defaults.newest,
): Promise<{ readonly command: string; readonly version: string } | undefined> => {
  for (const command of candidates) {
    const version = await versionOf(command, newest);
    if (version !== undefined) return { command, version };
  }
  return undefined;
};

const exists = (path: string): Promise<boolean> =>
  stat(path).then(
    () => true,
    () => false,
  );

type Wanted = Pick<Required<VenvOptions>, 'requirements' | 'compile' | 'wheelsOnly'>;

const install = async (
  command: string,
  folder: string,
  { requirements, compile, wheelsOnly }: Wanted,
): Promise<void> => {
  await run(command, ['-m', 'venv', folder]);
  const quiet = ['--quiet', '--disable-pip-version-check', '--no-input'];
  const packages = ['--no-deps', '--requirement', requirements];
  if (wheelsOnly) packages.push('--only-binary=:all:');
  if (!compile) packages.push('--no-compile');
  const options = { timeout: installMs, maxBuffer: 16 * 1024 * 1024 };
  await run(join(folder, 'bin/python'), ['-m', 'pip', 'install', ...quiet, ...packages], options);
};

/** Two may build at once: each in a folder of its own, the first to rename it wins. */
const build = async (command: string, folder: string, what: Wanted): Promise<void> => {
  const own = await mkdtemp(`${folder}.`);
  try {
    await install(command, own, what);
    await rename(own, folder);
  } catch (error) {
    if (!(await exists(folder))) throw error;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
};

const lastLine = (error: unknown): string => {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  return stderr.trim().split('\n').at(-1) || message;
};

/** A virtual environment with the pinned packages; made when it is first wanted (about half a minute). */
export const conformanceVenv = async (options: VenvOptions = {}): Promise<Venv> => {
  const { candidates, cache, newest, ...what } = { ...defaults, ...options };
  const python = await findPython(candidates, newest);
  if (python === undefined) {
    const wanted = `${oldest.join('.')} ${options.newest ? `to ${options.newest.join('.')}` : 'or later'}`;
    return { missing: `no Python ${wanted} with venv (tried ${candidates.join(', ')})` };
  }
  const hash = createHash('sha256').update(await readFile(what.requirements));
  const folder = join(cache, hash.update(python.version).digest('hex').slice(0, 16));
  try {
    await mkdir(cache, { recursive: true });
    if (!(await exists(folder))) await build(python.command, folder, what);
    return { python: join(folder, 'bin/python') };
  } catch (error) {
    return { missing: `its packages could not be installed: ${lastLine(error)}` };
  }
};

/** What is to be done without a venv: undefined in CI, where it is a failure, else the text to skip with. */
export const reasonToSkip = (venv: Venv, env: NodeJS.ProcessEnv): string | undefined => {
  if ('python' in venv) return undefined;
  const line = `the conformance tests did not run: ${venv.missing}`;
  if (env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false') throw new Error(line);
  return line;
};
