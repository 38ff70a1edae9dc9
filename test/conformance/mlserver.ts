import { execFile, spawn } from 'node:child_process';
import { once } from 'node:events';
import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { freeBlock } from '@sluice/kernel/testing/free-port';
import { repository } from '../support/process.ts';
import type { TemporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';

/** The example of docs/data-scientists.md, trained for this run. */
export interface Trained {
  /** What MLServer serves. */
  readonly folder: string;
  /** host:port */
  readonly grpc: string;
  readonly golden: readonly GoldenRow[];
}

export interface GoldenRow {
  readonly features: Readonly<Record<string, number | string>>;
  readonly outputs: { readonly progression: string; readonly fast_probability: number };
}

/** A real MLServer. */
export interface RunningMlserver extends AsyncDisposable {
  /** kill -9, awaited. */
  kill(): Promise<void>;
}

const example = join(repository, 'docs/examples/mlserver');
export const mlserverRequirements = join(example, 'requirements.txt');
/** Its modules are compiled when they are first imported. */
const startMs = 180_000;

const edit = async (path: string, change: (text: string) => string): Promise<void> =>
  writeFile(path, change(await readFile(path, 'utf8')));

/** Trains the example, and moves it to ports of its own. */
export const trainExample = async (python: string, store: TemporaryStore): Promise<Trained> => {
  const folder = join(store.folder, '.mlserver');
  const release = join(store.folder, '.progression', '1.0.0');
  await promisify(execFile)(python, [join(example, 'train.py'), folder, release]);
  const port = await freeBlock([0, 1, 2]);
  const ports = { http_port: port, grpc_port: port + 1, metrics_port: port + 2 };
  await edit(join(folder, 'settings.json'), (text) => JSON.stringify({ ...JSON.parse(text), ...ports }));
  const grpc = `127.0.0.1:${ports.grpc_port}`;
  await edit(join(release, 'sluice.yaml'), (text) => text.replace('127.0.0.1:8181', grpc));
  const lines = (await readFile(join(release, 'golden.jsonl'), 'utf8')).trim().split('\n');
  for (const name of ['sluice.yaml', 'golden.jsonl'])
    await store.put(`progression/1.0.0/${name}`, await readFile(join(release, name)));
  return { folder, grpc, golden: lines.map((line) => JSON.parse(line) as GoldenRow) };
};

/** Starts it and waits until it says that its models are ready. */
export const startMlserver = async (
  python: string,
  { folder }: Trained,
  env: Readonly<Record<string, string>>,
): Promise<RunningMlserver> => {
  const { http_port } = JSON.parse(await readFile(join(folder, 'settings.json'), 'utf8')) as Record<
    string,
    number
  >;
  const child = spawn(python, [join(import.meta.dirname, 'python/mlserver_until_eof.py'), 'start', folder], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', ...env },
    stdio: ['pipe', 'ignore', 'pipe'],
  });
  const said: string[] = [];
  child.stderr.on('data', (text) => said.push(String(text)));
  const kill = async (): Promise<void> => {
    if (child.exitCode !== null || child.signalCode !== null) return;
    child.kill('SIGKILL');
    await once(child, 'exit');
  };
  const isReady = async (): Promise<boolean> => {
    if (child.exitCode !== null) throw new Error(`mlserver ended: ${said.join('')}`);
    return fetch(`http://127.0.0.1:${http_port}/v2/health/ready`).then(
      ({ ok }) => ok,
      () => false,
    );
  };
  await waitFor('mlserver to be ready', isReady, startMs);
  return { kill, [Symbol.asyncDispose]: kill };
};
