import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { DatabaseServer } from './database-server.ts';
import { freePort } from './free-port.ts';

const main = join(import.meta.dirname, 'pglite-main.ts');

const launch = async (folder: string, port: number): Promise<ChildProcess> => {
  const child = spawn(process.execPath, [main, join(folder, 'data'), String(port)], {
    stdio: ['pipe', 'pipe', 'inherit'],
  });
  const listening = once(child.stdout, 'data');
  const ended = once(child, 'exit').then(() => {
    throw new Error('PGlite ended before it listened');
  });
  await Promise.race([listening, ended]);
  ended.catch(() => undefined);
  return child;
};

const stopped = async (child: ChildProcess): Promise<void> => {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGKILL');
  await exit;
};

/** PGlite in a process of its own, which ends with this one. Its transactions are done one after the other. */
export const startPglite = async (): Promise<DatabaseServer> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-pglite-'));
  const port = await freePort();
  let child = await launch(folder, port);
  return {
    port,
    url: `postgres://sluice@127.0.0.1:${port}/postgres`,
    kill: () => stopped(child),
    signal: async (name) => void child.kill(name),
    restart: async () => {
      await stopped(child);
      child = await launch(folder, port);
    },
    [Symbol.asyncDispose]: async () => {
      await stopped(child);
      await rm(folder, { recursive: true, force: true });
    },
  };
};
