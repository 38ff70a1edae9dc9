import { execFile } from 'node:child_process';
import { access, mkdir, rename, rm } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';

/** versitygw: a real S3 server over a folder, built by Go when it is first wanted (about a minute). */
const module = 'github.com/versity/versitygw/cmd/versitygw';
const version = 'v1.8.0';
const cache = resolve(import.meta.dirname, '../../node_modules/.cache/sluice-versitygw');
/** Go's own installation puts it where no PATH leads. */
const compilers = ['go', '/usr/local/go/bin/go'];
const buildMs = 10 * 60_000;

/** The program, or why there is none. */
export type S3Program = { readonly program: string } | { readonly missing: string };

const run = promisify(execFile);

const exists = (path: string): Promise<boolean> =>
  access(path).then(
    () => true,
    () => false,
  );

const answers = (go: string): Promise<boolean> =>
  run(go, ['version']).then(
    () => true,
    () => false,
  );

const findGo = async (candidates: readonly string[]): Promise<string | undefined> => {
  for (const go of candidates) if (await answers(go)) return go;
  return undefined;
};

/** Two processes may build at once: each in a folder of its own, the first to rename it wins. */
const build = async (go: string, folder: string): Promise<void> => {
  const own = `${folder}.${process.pid}`;
  try {
    await mkdir(own, { recursive: true });
    await run(go, ['install', `${module}@${version}`], {
      env: { ...process.env, GOBIN: own },
      timeout: buildMs,
    });
    await rename(own, folder);
  } catch (error) {
    if (!(await exists(join(folder, 'versitygw')))) throw error;
  } finally {
    await rm(own, { recursive: true, force: true });
  }
};

const lastLine = (error: unknown): string => {
  const { stderr = '', message = String(error) } = error as { stderr?: string; message?: string };
  return stderr.trim().split('\n').at(-1) || message;
};

export const s3Program = async (
  candidates = compilers,
  folder = join(cache, version),
): Promise<S3Program> => {
  const program = join(folder, 'versitygw');
  if (await exists(program)) return { program };
  const go = await findGo(candidates);
  if (go === undefined) return { missing: `there is no Go (tried ${candidates.join(', ')})` };
  try {
    await build(go, folder);
    return { program };
  } catch (error) {
    return { missing: `versitygw could not be built: ${lastLine(error)}` };
  }
};

/** What is to be done without it: undefined in CI, where it is a failure, else the text to skip with. */
export const reasonToSkipS3 = (found: S3Program, env: NodeJS.ProcessEnv): string | undefined => {
  if ('program' in found) return undefined;
  const line = `the tests on S3 did not run: ${found.missing}`;
  if (env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false') throw new Error(line);
  return line;
};
