import { execFileSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBlock } from '@sluice/kernel/testing/free-port';
import { type Running, startProcess } from '../../support/process.ts';
import type { Environment } from '../../support/sluice.ts';
import { waitFor } from '../../support/wait-for.ts';

/** `sluice start` with a home of its own. */
export interface Supervised extends Running {
  /** Of the gateway's HTTP door. */
  readonly url: string;
  /** The folder of its state. */
  readonly home: string;
  /** Waits for the banner. */
  ready(): Promise<void>;
  /** Process id of a child, by its folder. */
  child(name: ProcessName): number | undefined;
  /** Process ids of all children. */
  children(): readonly number[];
}

/** A busy machine may take so long. */
const startMs = 60_000;

/** Those that alone have a folder: the scorer is of the same program as the other consumers. */
export type ProcessName = 'gateway' | 'model-runtime' | 'database';

/** A port for each variable of the supervisor. */
export const freePorts = async (): Promise<Environment> => {
  const gateway = ['GATEWAY_HTTP', 'GATEWAY_GRPC', 'GATEWAY_METRICS', 'GATEWAY_LINK'];
  const records = ['SCORER_METRICS', 'CONSUMERS_METRICS', 'DATABASE', 'DATABASE_HEALTH'];
  const names = [...gateway, 'RUNTIME_GRPC', 'RUNTIME_METRICS', ...records];
  const first = await freeBlock([...names.keys()]);
  return Object.fromEntries(names.map((name, index) => [`${name}_PORT`, String(first + index)]));
};

/** A SLUICE_PORT_OFFSET that leads to free ports. */
export const freeOffset = async (): Promise<number> =>
  (await freeBlock([0, 1, 2, 3, 10, 12, 22, 24, 32, 34])) - 8_000;

const childrenOf = (pid: number): readonly { readonly pid: number; readonly command: string }[] =>
  execFileSync('ps', ['-A', '-o', 'pid=,ppid=,args='], { encoding: 'utf8' })
    .split('\n')
    .map((line) => /^\s*(\d+)\s+(\d+)\s+(.*)$/.exec(line))
    .flatMap((match) =>
      match !== null && Number(match[2]) === pid ? [{ pid: Number(match[1]), command: match[3] ?? '' }] : [],
    );

/** Whether a process of this id runs; one that has ended and that nobody has asked after does not. */
export const isAlive = (pid: number): boolean => {
  try {
    return !execFileSync('ps', ['-o', 'stat=', '-p', String(pid)], { encoding: 'utf8' }).startsWith('Z');
  } catch {
    return false;
  }
};

/** Starts the supervisor; `httpPort` tells where its gateway will answer. */
export const startSupervised = async (
  env: Environment,
  httpPort = env['GATEWAY_HTTP_PORT'],
): Promise<Supervised> => {
  const stack = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-home-'));
  stack.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const running = startProcess('cli/main.ts', { SLUICE_HOME: home, DRAIN_MS: '5000', ...env }, ['start']);
  const child = (name: ProcessName): number | undefined =>
    childrenOf(running.pid).find(({ command }) => command.endsWith(`${name}/main.ts`))?.pid;
  const pids = new Set<number>();
  stack.defer(async () => {
    try {
      await waitFor('the children to end', () => ![...pids].some(isAlive));
    } finally {
      for (const pid of [...pids].filter(isAlive)) process.kill(pid, 'SIGKILL');
    }
  });
  stack.use(running);
  // Those that nobody asks after write into the folder, too; a dead supervisor has no children.
  const remember = (): void => {
    for (const each of childrenOf(running.pid)) pids.add(each.pid);
  };
  stack.defer(remember);
  return {
    ...running,
    signal: (name) => {
      remember();
      running.signal(name);
    },
    url: `http://127.0.0.1:${httpPort}`,
    home,
    child: (name) => {
      const pid = child(name);
      if (pid !== undefined) pids.add(pid);
      return pid;
    },
    children: () => {
      remember();
      return childrenOf(running.pid).map((each) => each.pid);
    },
    ready: async () => {
      await waitFor('the banner', () => running.stderr.includes('Sluice is ready.'), startMs);
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
