import { workerData } from 'node:worker_threads';

const { parent, graceMs } = workerData as { readonly parent: number; readonly graceMs: number };

const intervalMs = 250;
let goneAt: number | undefined;

// An orphan is given to another parent.
setInterval(() => {
  if (process.ppid === parent) return;
  goneAt ??= performance.now();
  if (performance.now() - goneAt > graceMs) process.kill(process.pid, 'SIGKILL');
}, intervalMs);
