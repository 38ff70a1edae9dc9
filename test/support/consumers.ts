import { type Running, startProcess } from './process.ts';
import type { Environment } from './sluice.ts';
import { waitFor } from './wait-for.ts';

export interface RunningConsumers extends Running {
  /** Of their metrics and health. */
  readonly metrics: string;
  /** Waits until all of them consume. */
  ready(): Promise<void>;
}

/** Starts the consumers on a free port; they need not consume yet. */
export const launchConsumers = async (
  env: Environment,
  store = 'file:models/store',
): Promise<RunningConsumers> => {
  const running = startProcess('consumers/main.ts', {
    STORE_URL: store,
    METRICS_PORT: '0',
    DRAIN_MS: '5000',
    ...env,
  });
  try {
    const { metrics } = await running.line('listening');
    const url = `http://${String(metrics)}`;
    return {
      ...running,
      metrics: url,
      ready: async () => {
        await waitFor('the consumers to consume', async () => (await fetch(`${url}/readyz`)).ok, 60_000);
      },
    };
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
};

/** Starts the consumers and waits until they consume. */
export const startConsumers = async (env: Environment, store?: string): Promise<RunningConsumers> => {
  const consumers = await launchConsumers(env, store);
  try {
    await consumers.ready();
    return consumers;
  } catch (error) {
    await consumers[Symbol.asyncDispose]();
    throw error;
  }
};
