import { type ChildProcess, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { connect } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freePort } from './free-port.ts';
import { reasonToSkipS3, s3Program } from './s3-program.ts';

const bucket = 'sluice-test';
const startMs = 20_000;
const lookMs = 20;

/** A real S3 server with one bucket, over a folder that goes with it. */
export interface S3Server extends AsyncDisposable {
  readonly bucket: string;
  readonly port: number;
  /** Files in it are the bucket's objects, those that were not written by a client, too. */
  readonly folder: string;
  /** What a process needs to reach it. */
  readonly env: Readonly<Record<string, string>>;
  /** A place of the bucket that nobody else has, as a store's URL. */
  newUrl(): string;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): void;
  /** Starts it again, on its port and with what it holds. */
  restart(): Promise<void>;
}

const found = await s3Program();
/** Why tests on S3 are skipped; false: they run. In CI they do. */
export const skipS3: string | false = reasonToSkipS3(found, process.env) ?? false;
if (skipS3 !== false) console.error(`\n*** SKIPPED: ${skipS3} ***\n`);

const accepts = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
};

const launch = async (folder: string, port: number, env: S3Server['env']): Promise<ChildProcess> => {
  const args = ['--quiet', '--keep-alive', '--port', `127.0.0.1:${port}`, '--region', 'us-east-1'];
  const child = spawn(
    'program' in found ? found.program : '',
    [...args, 'posix', '--sidecar', join(folder, 'meta'), join(folder, 'data')],
    {
      env: {
        PATH: process.env['PATH'] ?? '',
        ROOT_ACCESS_KEY: env['AWS_ACCESS_KEY_ID'],
        ROOT_SECRET_KEY: env['AWS_SECRET_ACCESS_KEY'],
      },
      stdio: ['ignore', 'ignore', 'pipe'],
    },
  );
  const said: string[] = [];
  child.stderr.on('data', (text) => said.push(String(text)));
  const until = performance.now() + startMs;
  while (!(await accepts(port))) {
    if (child.exitCode !== null) throw new Error(`versitygw ended: ${said.join('')}`);
    if (performance.now() > until) throw new Error(`versitygw did not start in ${startMs} ms`);
    await pause(lookMs);
  }
  return child;
};

/** Starts one on a free port. */
export const startS3 = async (): Promise<S3Server> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-s3-'));
  // A folder at the top is a bucket.
  for (const path of ['meta', `data/${bucket}`]) await mkdir(join(folder, path), { recursive: true });
  const port = await freePort();
  const env = {
    AWS_ENDPOINT_URL: `http://127.0.0.1:${port}`,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'sluice',
    AWS_SECRET_ACCESS_KEY: 'sluice-test-secret',
  };
  let child = await launch(folder, port, env);
  const endWithUs = (): void => void child.kill('SIGKILL');
  process.once('exit', endWithUs);
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  return {
    bucket,
    port,
    folder: join(folder, 'data', bucket),
    env,
    newUrl: () => `s3://${bucket}/${randomUUID()}`,
    kill,
    signal: (name) => void child.kill(name),
    restart: async () => {
      await kill();
      child = await launch(folder, port, env);
    },
    [Symbol.asyncDispose]: async () => {
      process.off('exit', endWithUs);
      await kill();
      await rm(folder, { recursive: true, force: true });
    },
  };
};
