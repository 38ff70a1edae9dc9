import { spawn } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { freeBlock } from '@sluice/kernel/testing/free-port';
import { PORT_VARIABLES } from '../../cli/start/settings.ts';

export interface RunningSluice extends AsyncDisposable {
  readonly url: string;
  readonly home: string;
  readonly eventLogUrl: string;
}

const pollMs = 50;
const startMs = 120_000;
const firstPort = PORT_VARIABLES.gatewayHttp.defaultPort;

/** Beside a Sluice that runs already. */
const freeOffset = async (): Promise<number> => {
  const wanted = Object.values(PORT_VARIABLES).map(({ defaultPort }) => defaultPort - firstPort);
  return (await freeBlock(wanted)) - firstPort;
};

const answers = async (url: string): Promise<boolean> => {
  try {
    return (await fetch(url)).ok;
  } catch {
    return false;
  }
};

/** Starts all processes as `npm start` does, with a home of their own that goes with them. */
export const startSluice = async (repository: string): Promise<RunningSluice> => {
  await using stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-demo-'));
  stack.defer(() => rm(home, { recursive: true, force: true }));
  const offset = await freeOffset();
  const { STORE_URL: _, ...inherited } = process.env;
  const environment = { ...inherited, SLUICE_HOME: home, SLUICE_PORT_OFFSET: String(offset) };
  const child = spawn(process.execPath, [join(repository, 'cli/main.ts'), 'start'], {
    env: environment,
    // The channel ends it when the demo ends, however it ends.
    stdio: ['ignore', 'ignore', 'inherit', 'ipc'],
  });
  const ended = new Promise<number | null>((resolve) => child.once('exit', resolve));
  stack.defer(async () => {
    child.kill('SIGTERM');
    await ended;
  });
  const url = `http://127.0.0.1:${PORT_VARIABLES.gatewayHttp.defaultPort + offset}`;
  const scorer = `http://127.0.0.1:${PORT_VARIABLES.scorerMetrics.defaultPort + offset}/readyz`;
  const until = performance.now() + startMs;
  while (!(await answers(`${url}/readyz`)) || !(await answers(scorer))) {
    if (child.exitCode !== null) throw new Error(`Sluice ended with exit code ${child.exitCode}`);
    if (performance.now() > until) throw new Error(`Sluice was not ready within ${startMs / 1000} s`);
    await pause(pollMs);
  }
  const started = stack.move();
  return {
    url,
    home,
    eventLogUrl: process.env['EVENT_LOG_URL'] || `lmdb:${home}/event-log`,
    [Symbol.asyncDispose]: () => started.disposeAsync(),
  };
};
