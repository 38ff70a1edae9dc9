import { execFile } from 'node:child_process';
import { createHash } from 'node:crypto';
import { access, copyFile, mkdir, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Apache Kafka: 93 jars (54 MB), fetched by Maven when they are first wanted (about 20 seconds). */
const pom = join(import.meta.dirname, 'pom.xml');
const cache = resolve(import.meta.dirname, '../../../../node_modules/.cache/sluice-kafka');
const fetchMs = 10 * 60_000;
const lookMs = 50;

/** The folder of the jars, or why there is none. */
export type KafkaLibs = { readonly folder: string } | { readonly missing: string };

export interface KafkaTools {
  readonly java: string;
  readonly maven: string;
}

const run = promisify(execFile);

const succeeds = (attempt: Promise<unknown>): Promise<boolean> =>
  attempt.then(
    () => true,
    () => false,
  );

const exists = (path: string): Promise<boolean> => succeeds(access(path));

const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};

/** Whether this process has the lock now; that of a process which died is taken away. */
const lock = async (file: string): Promise<boolean> => {
  if (await succeeds(writeFile(file, `${process.pid}`, { flag: 'wx' }))) return true;
  const owner = Number(await readFile(file, 'utf8').catch(() => ''));
  if (owner > 0 && !isAlive(owner)) await rm(file, { force: true });
  return false;
};

const fetchInto = async (maven: string, folder: string): Promise<void> => {
  const own = `${folder}.${process.pid}`;
  try {
    await mkdir(own, { recursive: true });
    await copyFile(pom, join(own, 'pom.xml'));
    const goal = ['dependency:copy-dependencies', '-DoutputDirectory=libs'];
    await run(maven, ['--quiet', '--batch-mode', ...goal], { cwd: own, timeout: fetchMs });
    await rename(join(own, 'libs'), folder);
  } finally {
    await rm(own, { recursive: true, force: true });
  }
};

/** Several processes may want them at once: one fetches, since Maven's own cache takes no two writers; others wait. */
const fetchOnce = async (maven: string, folder: string): Promise<void> => {
  await mkdir(resolve(folder, '..'), { recursive: true });
  const file = `${folder}.lock`;
  while (!(await lock(file))) {
    if (await exists(folder)) return;
    await pause(lookMs);
  }
  try {
    if (!(await exists(folder))) await fetchInto(maven, folder);
  } finally {
    await rm(file, { force: true });
  }
};

const lastLine = (error: unknown): string => {
  const { stdout = '', message = String(error) } = error as { stdout?: string; message?: string };
  return stdout.trim().split('\n')[0] || message;
};

const newestFolder = async (): Promise<string> => {
  const digest = createHash('sha256').update(await readFile(pom));
  return join(cache, digest.digest('hex').slice(0, 12));
};

/** The jars, fetched if they are not there. */
export const kafkaLibs = async (
  { java, maven }: KafkaTools = { java: 'java', maven: 'mvn' },
  wanted?: string,
): Promise<KafkaLibs> => {
  const folder = wanted ?? (await newestFolder());
  if (!(await succeeds(run(java, ['-version'])))) return { missing: `there is no Java (tried ${java})` };
  if (await exists(folder)) return { folder };
  if (!(await succeeds(run(maven, ['--version'])))) return { missing: `there is no Maven (tried ${maven})` };
  try {
    await fetchOnce(maven, folder);
    return { folder };
  } catch (error) {
    return { missing: `Apache Kafka could not be fetched: ${lastLine(error)}` };
  }
};

/** What is to be done without it: undefined in CI, where it is a failure, else the text to skip with. */
export const reasonToSkipKafka = (found: KafkaLibs, env: NodeJS.ProcessEnv): string | undefined => {
  if ('folder' in found) return undefined;
  const line = `the tests on Kafka did not run: ${found.missing}`;
  if (env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false') throw new Error(line);
  return line;
};
