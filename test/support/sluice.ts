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
}

export type Environment = Readonly<Record<string, string>>;

export const exampleStore = 'file:models/store';

const common = (store: string): Environment => ({ STORE_URL: store, DRAIN_MS: '5000' });

/** Starts a runtime and waits until it is ready. `env` may fix its ports, so that it can come back on them. */
export const startRuntime = async (
  store: string = exampleStore,
  env: Environment = {},
): Promise<RunningRuntime> => {
  const running = startProcess('model-runtime/main.ts', {
    ...common(store),
    GRPC_PORT: '0',
    METRICS_PORT: '0',
    ...env,
  });
  const { grpc, metrics } = await running.line('listening');
  await running.line('ready');
  return { ...running, grpc: String(grpc), metrics: String(metrics) };
};

/** Starts a gateway in front of runtimes and waits until it is ready. */
export const startGateway = async (
  runtimes: readonly string[],
  store: string = exampleStore,
  env: Environment = {},
): Promise<RunningGateway> => {
  const ports = { HTTP_PORT: '0', GRPC_PORT: '0', METRICS_PORT: '0' };
  const running = startProcess('gateway/main.ts', {
    ...common(store),
    ...ports,
    RUNTIME_URLS: runtimes.join(','),
    STORE_POLL_MS: '100',
    ...env,
  });
  const { http, grpc, metrics } = await running.line('listening');
  const gateway = {
    ...running,
    http: `http://${String(http)}`,
    grpc: String(grpc),
    metrics: `http://${String(metrics)}`,
  };
  await waitFor('the gateway to be ready', async () => (await fetch(`${gateway.http}/readyz`)).ok);
  return gateway;
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
  const stack = new AsyncDisposableStack();
  const runtimes = await Promise.all(Array.from({ length: count }, () => startRuntime(store, runtimeEnv)));
  for (const runtime of runtimes) stack.use(runtime);
  const addresses = runtimes.map(({ grpc }) => grpc);
  const gateway = stack.use(await startGateway(addresses, store, env));
  return { gateway, runtimes, [Symbol.asyncDispose]: () => stack.disposeAsync() };
};
