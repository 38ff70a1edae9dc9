import { type Clients, connect } from '../../support/clients.ts';
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { aFolder, type ReachableStore, type StoreKind } from '../../support/stores.ts';
import { echoModel } from './models.ts';
import { runtimePorts } from './ports.ts';

/** A runtime that can die and come back on the same ports. */
export interface Place {
  /** host:port */
  readonly address: string;
  readonly running: RunningRuntime;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  /** Starts it anew and waits until it is ready. */
  start(): Promise<void>;
}

/** A gateway in front of runtimes over a store with the model `echo` 1 and what else was given. */
export interface Cluster extends AsyncDisposable {
  readonly store: ReachableStore;
  readonly places: readonly Place[];
  readonly gateway: RunningGateway;
  readonly clients: Clients;
}

export interface ClusterOptions {
  readonly runtimes: number;
  /** A folder, if nothing is said. */
  readonly kind?: StoreKind;
  /** Files of the store beside `echo`. */
  readonly files?: Readonly<Record<string, Uint8Array | string>>;
  readonly env?: Environment;
  readonly runtimeEnv?: Environment;
  /** What is to be done once the runtimes are there. */
  readonly beforeGateway?: (places: readonly Place[]) => Promise<void> | undefined;
}

const openPlace = async (store: string, env: Environment, stack: AsyncDisposableStack): Promise<Place> => {
  const ports = await runtimePorts();
  const launch = async () => stack.use(await startRuntime(store, { ...env, ...ports }));
  let running = await launch();
  return {
    address: running.grpc,
    get running() {
      return running;
    },
    kill: async () => {
      running.signal('SIGKILL');
      await running.exited;
    },
    start: async () => {
      running = await launch();
    },
  };
};

export const startCluster = async (options: ClusterOptions): Promise<Cluster> => {
  const { runtimes, kind = aFolder, files = {}, env = {}, runtimeEnv = {} } = options;
  await using starting = new AsyncDisposableStack();
  const store = starting.use(await kind.open({ 'echo/1/model.onnx': echoModel(), ...files }));
  const lives = starting.use(new AsyncDisposableStack());
  const open = () => openPlace(store.url, { ...store.env, ...runtimeEnv }, lives);
  const places = await Promise.all(Array.from({ length: runtimes }, open));
  await options.beforeGateway?.(places);
  const addresses = places.map(({ address }) => address);
  const gateway = starting.use(await startGateway(addresses, store.url, { ...store.env, ...env }));
  const clients = starting.use(connect(gateway.grpc));
  const stack = starting.move();
  return { store, places, gateway, clients, [Symbol.asyncDispose]: () => stack.disposeAsync() };
};

/** The n-th runtime. */
export const placeOf = ({ places }: Cluster, index: number): Place => {
  const place = places[index];
  if (place === undefined) throw new Error(`there is no runtime ${index}`);
  return place;
};
