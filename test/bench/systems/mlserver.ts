import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { cp, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { freeBlock } from '@sluice/kernel/testing/free-port';
import { waitFor } from '../../support/wait-for.ts';
import { trees, treesFile } from '../model/trees.ts';
import type { System } from './system.ts';

const implementation = join(import.meta.dirname, '../python/onnx_model.py');
/**
 * Asks the system to end it when we are gone (prctl(2), PR_SET_PDEATHSIG), then does what the script `mlserver`
 * does: that one names the folder in which the environment was built, before it got its own name.
 */
const command = `
import ctypes, signal
ctypes.CDLL(None).prctl(1, signal.SIGTERM)
from mlserver.cli import main
main()`;
const startMs = 60_000;
const stopMs = 15_000;
const lastLines = 20;

interface Ports {
  readonly http: number;
  readonly grpc: number;
  readonly metrics: number;
}

/** A folder as `mlserver start` wants it: the model of the benchmark, and settings that differ only where said. */
const writeFolder = async (folder: string, ports: Ports, parallelWorkers: number): Promise<void> => {
  const settings = {
    host: '127.0.0.1',
    http_port: ports.http,
    grpc_port: ports.grpc,
    metrics_port: ports.metrics,
    parallel_workers: parallelWorkers,
    debug: false,
  };
  const model = {
    name: trees.name,
    implementation: 'onnx_model.OnnxModel',
    parameters: { version: trees.version, uri: './trees.onnx' },
  };
  await cp(treesFile, join(folder, 'trees.onnx'));
  await cp(implementation, join(folder, 'onnx_model.py'));
  await writeFile(join(folder, 'settings.json'), JSON.stringify(settings));
  await writeFile(join(folder, 'model-settings.json'), JSON.stringify(model));
};

const launch = (python: string, folder: string) => {
  const child = spawn(python, ['-c', command, 'start', folder], {
    cwd: folder,
    env: { PATH: process.env['PATH'] ?? '', PYTHONDONTWRITEBYTECODE: '1' },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const lines: string[] = [];
  for (const output of [child.stdout, child.stderr])
    output.setEncoding('utf8').on('data', (text: string) => {
      lines.push(text);
      if (lines.length > lastLines) lines.shift();
    });
  child.on('error', ({ message }) => lines.push(message));
  const isOver = (): boolean => child.exitCode !== null || child.signalCode !== null;
  return { child, lines, isOver };
};

const isReady = (http: string): Promise<boolean> =>
  fetch(`${http}/v2/models/${trees.name}/ready`).then(
    ({ ok }) => ok,
    () => false,
  );

/** It ends its workers itself when it is asked to; killed if it does not. */
const stop = async ({ child, isOver }: ReturnType<typeof launch>): Promise<void> => {
  if (isOver()) return;
  const exit = once(child, 'exit');
  const kill = setTimeout(() => child.kill('SIGKILL'), stopMs);
  child.kill('SIGTERM');
  await exit;
  clearTimeout(kill);
};

/** MLServer with the model of the benchmark; `python` is that of its virtual environment. */
export const startMlserver = async (python: string, parallelWorkers: number): Promise<System> => {
  await using stack = new AsyncDisposableStack();
  const folder = await mkdtemp(join(tmpdir(), 'sluice-mlserver-'));
  stack.defer(() => rm(folder, { recursive: true, force: true }));
  const port = await freeBlock([0, 1, 2]);
  await writeFolder(folder, { http: port, grpc: port + 1, metrics: port + 2 }, parallelWorkers);
  const running = launch(python, folder);
  stack.defer(() => stop(running));
  const http = `http://127.0.0.1:${port}`;
  const ready = (): Promise<boolean> => {
    if (running.isOver()) throw new Error(`MLServer ended: ${running.lines.join('')}`);
    return isReady(http);
  };
  await waitFor('MLServer to be ready', ready, startMs);
  const owned = stack.move();
  return {
    grpc: `127.0.0.1:${port + 1}`,
    http,
    metrics: '',
    link: '',
    eventLog: '',
    store: '',
    processes: [{ part: 'mlserver', pid: running.child.pid ?? 0 }],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
