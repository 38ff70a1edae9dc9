import { type ChildProcess, spawn } from 'node:child_process';
import { fileURLToPath } from 'node:url';
import type { ReleaseName } from '@sluice/kernel/release/release';
import type { FromCell, ToCell } from './messages.ts';

export interface CellProcess {
  readonly pid: number | undefined;
  send(message: ToCell): void;
  kill(signal: 'SIGTERM' | 'SIGKILL'): void;
}

export interface ProcessListeners {
  readonly message: (message: FromCell) => void;
  /** How it ended: `exited with 70`, `was killed by SIGSEGV`. Nothing comes after it. */
  readonly ended: (how: string) => void;
}

export type SpawnCell = (release: ReleaseName, on: ProcessListeners) => CellProcess;

const main = fileURLToPath(new URL('../main.ts', import.meta.url));

/** `close` and not `exit`: the last messages have been read by then. */
const follow = (child: ChildProcess, on: ProcessListeners): void => {
  let isOver = false;
  const end = (how: string): void => {
    if (!isOver) on.ended(how);
    isOver = true;
  };
  child.on('message', (message) => on.message(message as FromCell));
  child.on('error', (error) => {
    if (child.pid === undefined) end(`could not be started: ${error.message}`);
  });
  child.on('close', (code, signal) =>
    end(signal === null ? `exited with ${code}` : `was killed by ${signal}`),
  );
};

/**
 * Starts this same program as the cell of one release. It leads a process group of its own, so that Ctrl-C
 * reaches the runtime alone, which ends its cells in order; the end of the channel tells it that the runtime
 * is gone.
 */
export const spawnCell: SpawnCell = ({ model, version, digest }, on) => {
  const child = spawn(process.execPath, [main], {
    env: {
      ...process.env,
      CELL_RELEASE: `${model}/${version}`,
      CELL_DIGEST: digest,
      GRPC_PORT: '0',
    },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
    detached: true,
  });
  follow(child, on);
  return {
    pid: child.pid,
    // A cell that has gone meanwhile is told about by `ended`.
    send: (message) => child.connected && child.send(message, () => undefined),
    kill: (signal) => void child.kill(signal),
  };
};
