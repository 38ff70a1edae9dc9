import type { Session } from './session.ts';

/**
 * Runs a graph and tells how long it computed, in milliseconds. onnxruntime-node computes in an immediate
 * of its own, and answers behind it; an immediate that was asked for just before comes just before. What
 * else the turn of the event loop did (frames read, other releases computed) is not counted.
 */
export const timedRun =
  (session: Pick<Session, 'run'>, computed: (ms: number) => void): Session['run'] =>
  async (inputs) => {
    let startedAt = performance.now();
    setImmediate(() => {
      startedAt = performance.now();
    });
    const outputs = await session.run(inputs);
    computed(performance.now() - startedAt);
    return outputs;
  };
