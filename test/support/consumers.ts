import { type Running, startProcess } from './process.ts';
import type { Environment } from './sluice.ts';
import { waitFor } from './wait-for.ts';

export interface RunningConsumers extends Running {
  /** URL of /metrics, /livez and /readyz, without the path. */
  readonly metrics: string;
}

export interface RunningDatabase extends Running {
  /** DATABASE_URL. */
  readonly url: string;
}

/** The first start of an embedded database takes seconds of a machine that has nothing else to do. */
const startMs = 90_000;

/** Starts the consumers; they are ready when what they need is. */
export const startConsumers = async (env: Environment): Promise<RunningConsumers> => {
  const running = startProcess('consumers/main.ts', { DRAIN_MS: '5000', METRICS_PORT: '0', ...env });
  try {
    const { metrics } = await running.line('listening', startMs);
    return { ...running, metrics: `http://${String(metrics)}` };
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
};

export const untilConsuming = ({ metrics }: RunningConsumers): Promise<true> =>
  waitFor('the consumers to be ready', async () => (await fetch(`${metrics}/readyz`)).ok, startMs);

/** Starts the embedded database over `<home>/database`. `env` may fix its port, so that it can come back on it. */
export const startDatabase = async (home: string, env: Environment = {}): Promise<RunningDatabase> => {
  const ports = { DATABASE_PORT: '0', METRICS_PORT: '0' };
  const running = startProcess('consumers/database/main.ts', { SLUICE_HOME: home, ...ports, ...env });
  try {
    const { database } = await running.line('listening', startMs);
    return { ...running, url: `postgres://sluice@${String(database)}/sluice` };
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
};
