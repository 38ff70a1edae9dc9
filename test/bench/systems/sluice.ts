import { availableRuntimes } from '../../fault/support/metrics.ts';
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import type { System } from './system.ts';

export interface SluiceOptions {
  /** Files of the store. */
  readonly files: Readonly<Record<string, Uint8Array | string>>;
  readonly env?: Environment;
  /** None: one. */
  readonly gateways?: number;
}

/** As `npm start` sets them; what `test/support` makes faster for tests is back at its default. */
const usual = {
  NODE_COMPILE_CACHE: 'node_modules/.cache/sluice-bench/compiled',
  STORE_POLL_MS: '1000',
  // Only the rows of the records have a spool and an event log.
  RECORDS: 'false',
};

const runtimePart = ({ pid }: RunningRuntime) => ({ part: 'runtime', pid }) as const;
const gatewayPart = ({ pid }: RunningGateway) => ({ part: 'gateway', pid }) as const;

const portOf = (address: string): string => address.split(':').at(-1) ?? '';

/** The first takes free ports, the others the same; each is ready when it sees the runtime itself. */
const startGateways = async (
  stack: AsyncDisposableStack,
  count: number,
  start: (env: Environment) => Promise<RunningGateway>,
): Promise<readonly [RunningGateway, ...RunningGateway[]]> => {
  const first = stack.use(await start({ REUSE_PORT: String(count > 1) }));
  const ports = {
    HTTP_PORT: portOf(first.http),
    GRPC_PORT: portOf(first.grpc),
    LINK_PORT: portOf(first.link),
    REUSE_PORT: 'true',
  };
  const more: RunningGateway[] = [];
  while (more.length < count - 1) {
    const gateway = stack.use(await start(ports));
    await waitFor('the gateway to see its runtime', async () => (await availableRuntimes(gateway)) > 0);
    more.push(gateway);
  }
  return [first, ...more];
};

/** Gateways on one port in front of one runtime, over a store of their own. */
export const startSluiceSystem = async ({
  files,
  env = {},
  gateways: count = 1,
}: SluiceOptions): Promise<System> => {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await temporaryStore(files));
  const both = { ...usual, ...env };
  const runtime = stack.use(await startRuntime(store.url, both));
  const gateways = await startGateways(stack, count, (ports) =>
    startGateway([runtime.grpc], store.url, { ...both, ...ports }),
  );
  const [{ grpc, http, metrics, link }] = gateways;
  const owned = stack.move();
  return {
    grpc,
    http,
    metrics,
    link,
    eventLog: '',
    store: store.url,
    processes: [runtimePart(runtime), ...gateways.map(gatewayPart)],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

/** A runtime alone, asked at its own plain door. */
export const startRuntimeSystem = async ({ files, env = {} }: SluiceOptions): Promise<System> => {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await temporaryStore(files));
  const runtime = stack.use(await startRuntime(store.url, { ...usual, ...env }));
  const owned = stack.move();
  return {
    grpc: runtime.grpc,
    http: '',
    metrics: '',
    link: '',
    eventLog: '',
    store: store.url,
    processes: [runtimePart(runtime)],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
