import { type Running, startProcess } from './process.ts';
import { waitFor } from './wait-for.ts';

/** A runtime on ports of its own. */
export interface RunningRuntime extends Running {
  /** host:port */
  readonly grpc: string;
  readonly metrics: string;
}

export interface RunningGateway extends Running {
  readonly http: string;
  readonly grpc: string;
  readonly metrics: string;
  /** host:port of the scorers' link. */
  readonly link: string;
}

export type Environment = Readonly<Record<string, string>>;

export const exampleStore = 'file:models/store';

/** A busy machine may take so long. */
const startMs = 60_000;

const common = (store: string): Environment => ({ STORE_URL: store, DRAIN_MS: '5000' });

/** Ends the process when it does not come up. */
const orEnd = async <T>(running: Running, up: () => Promise<T>): Promise<T> => {
  try {
    return await up();
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
};

/** Starts a runtime and waits until it is ready. `env` may fix its ports, so that it can come back on them. */
export const startRuntime = async (
  store: string = exampleStore,
  env: Environment = {},
): Promise<RunningRuntime> => {
  const running = startProcess('model-runtime/main.ts', {
    ...common(store),
    GRPC_PORT: '0',
    METRICS_PORT: '0',
    STORE_POLL_MS: '100',
    ...env,
  });
  return orEnd(running, async () => {
    const { grpc, metrics } = await running.line('listening', startMs);
    await running.line('ready', startMs);
    return { ...running, grpc: String(grpc), metrics: String(metrics) };
  });
};

/** Starts a gateway in front of runtimes and waits until it is ready. */
export const startGateway = async (
  runtimes: readonly string[],
  store: string = exampleStore,
  env: Environment = {},
): Promise<RunningGateway> => {
  const ports = { HTTP_PORT: '0', GRPC_PORT: '0', METRICS_PORT: '0', LINK_PORT: '0' };
  const running = startProcess('gateway/main.ts', {
    ...common(store),
    ...ports,
    RUNTIME_URLS: runtimes.join(','),
    STORE_POLL_MS: '100',
    // Tests of records say otherwise, and start what they need for them.
    RECORDS: 'false',
    ...env,
  });
  return orEnd(running, async () => {
    const { http, grpc, metrics, link } = await running.line('listening', startMs);
    const [httpUrl, metricsUrl] = [http, metrics].map((address) => `http://${String(address)}`);
    // At the port that is its own: others may answer at the doors too.
    await waitFor('the gateway to be ready', async () => (await fetch(`${metricsUrl}/readyz`)).ok, startMs);
    return {
      ...running,
      http: `${httpUrl}`,
      grpc: String(grpc),
      metrics: `${metricsUrl}`,
      link: String(link),
    };
  });
};

export interface RunningSluice extends AsyncDisposable {
  readonly gateway: RunningGateway;
  readonly runtimes: readonly RunningRuntime[];
}

/** A gateway with that many runtimes, over one store. */
export const startSluice = async (
  options: {
    readonly store?: string;
    readonly runtimes?: number;
    readonly env?: Environment;
    readonly runtimeEnv?: Environment;
  } = {},
): Promise<RunningSluice> => {
  const { store = exampleStore, runtimes: count = 1, env = {}, runtimeEnv = {} } = options;
  await using stack = new AsyncDisposableStack();
  const starting = Array.from({ length: count }, async () =>
    stack.use(await startRuntime(store, runtimeEnv)),
  );
  const runtimes = await Promise.all(starting);
  const addresses = runtimes.map(({ grpc }) => grpc);
  const gateway = stack.use(await startGateway(addresses, store, env));
  const started = stack.move();
  return { gateway, runtimes, [Symbol.asyncDispose]: () => started.disposeAsync() };
};
