import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { TestContext } from 'node:test';
import { setTimeout as sleep } from 'node:timers/promises';
import { freePort } from '@sluice/kernel/testing/free-port';
import type { ProcessSpec } from '../process-spec.ts';

export interface StandIn {
  readonly name: string;
  readonly does?: 'serve' | 'crash' | 'exit-64' | 'ignore-sigterm';
  readonly after?: readonly string[];
  readonly watch?: readonly string[];
}

/** A running supervisor over stand-ins, with everything that they and it have said so far. */
export interface SupervisedTable {
  readonly supervisor: ChildProcess;
  /** What the stand-ins noted, in order: `a started`. */
  notes(): string[];
  /** Process ids of the stand-in's lives. */
  pids(name: string): number[];
  stdout(): string;
  stderr(): string;
  readonly exit: Promise<{ code: number | null; signal: NodeJS.Signals | null }>;
}

/** Starts a supervisor over these stand-ins in a temporary folder; all of it ends with the test. */
export const superviseStandIns = async (
  context: TestContext,
  standIns: readonly StandIn[],
  ...flags: string[]
): Promise<SupervisedTable> => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-supervisor-'));
  const log = join(folder, 'notes');
  writeFileSync(log, '');
  const specs = await Promise.all(standIns.map((standIn) => specOf(standIn, log)));
  writeFileSync(join(folder, 'table.json'), JSON.stringify(specs));
  const supervisor = spawn(process.execPath, [
    join(import.meta.dirname, 'supervisor.ts'),
    join(folder, 'table.json'),
    ...flags,
  ]);
  let stdout = '';
  let stderr = '';
  supervisor.stdout.on('data', (chunk) => (stdout += String(chunk)));
  supervisor.stderr.on('data', (chunk) => (stderr += String(chunk)));
  const { promise: exit, resolve } = Promise.withResolvers<{
    code: number | null;
    signal: NodeJS.Signals | null;
  }>();
  supervisor.on('close', (code, signal) => resolve({ code, signal }));
  const lines = () => readFileSync(log, 'utf8').trim().split('\n');
  context.after(async () => {
    supervisor.kill('SIGKILL');
    await exit;
    rmSync(folder, { recursive: true, force: true });
  });
  return {
    supervisor,
    notes: () => lines().map((line) => line.replace(/ \d+$/, '')),
    pids: (name) =>
      lines()
        .filter((line) => line.startsWith(`${name} started`))
        .map((line) => Number(line.split(' ')[2])),
    stdout: () => stdout,
    stderr: () => stderr,
    exit,
  };
};

const specOf = async (standIn: StandIn, log: string): Promise<ProcessSpec> => {
  const port = await freePort();
  return {
    name: standIn.name,
    main: join(import.meta.dirname, 'stand-in.ts'),
    environment: {
      STAND_IN_NAME: standIn.name,
      STAND_IN_LOG: log,
      STAND_IN_PORT: String(port),
      STAND_IN_DOES: standIn.does ?? 'serve',
    },
    healthUrl: `http://127.0.0.1:${port}/`,
    addresses: [{ label: 'HTTP', scheme: 'http', host: '127.0.0.1', port, variable: 'STAND_IN_PORT' }],
    after: standIn.after ?? [],
    watch: standIn.watch ?? [],
  };
};

/** Waits for a condition; an error that names it after a minute, which a busy machine may take. */
export const until = async (what: string, condition: () => boolean): Promise<void> => {
  const deadline = performance.now() + 60_000;
  while (!condition()) {
    if (performance.now() > deadline) throw new Error(`waited in vain for: ${what}`);
    await sleep(10);
  }
};

/** Whether a process of this id runs. */
export const isAlive = (pid: number): boolean => {
  try {
    process.kill(pid, 0);
    return true;
  } catch {
    return false;
  }
};
