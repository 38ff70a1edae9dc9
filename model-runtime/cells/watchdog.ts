import { Worker } from 'node:worker_threads';

/**
 * Ends this process by SIGKILL when its parent has been gone for longer than `graceMs`, even while a graph
 * computes without end and the main thread hears nothing. By a thread that never touches ONNX Runtime, so
 * that docs/adr/0003 does not concern it.
 */
export const startWatchdog = (graceMs: number): void => {
  const worker = new Worker(new URL('./watchdog-thread.ts', import.meta.url), {
    workerData: { parent: process.ppid, graceMs },
    resourceLimits: { maxOldGenerationSizeMb: 16, maxYoungGenerationSizeMb: 4 },
  });
  worker.unref();
};
