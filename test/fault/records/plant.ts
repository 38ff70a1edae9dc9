import { freeBlock } from '@sluice/kernel/testing/free-port';
import { type Clients, connect } from '../../support/clients.ts';
import { type RunningConsumers, startConsumers, untilConsuming } from '../../support/consumers.ts';
import { type DatabaseRows, openRows } from '../../support/database-rows.ts';
import { type Phoenix, type RecordsKind, type RunningRecords, startRecords } from '../../support/records.ts';
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { echoModel, wideEchoModel } from '../support/models.ts';
import { phoenix, type Revived } from '../support/phoenix.ts';

/** A gateway that comes back on the same ports, with the same spool. */
export interface Place extends Phoenix {
  readonly running: RunningGateway;
  readonly clients: Clients;
}

/** All that a record meets; each part can be killed and comes back. */
export interface Plant extends AsyncDisposable {
  readonly pair: RunningRecords;
  readonly gateway: Place;
  readonly consumers: Revived<RunningConsumers>;
  /** Opens one more gateway, with the environment that is given beside that of the plant. */
  open(env?: Environment): Promise<Place>;
  /** Ids in the database, and how often each is there. */
  stored(): Promise<ReadonlyMap<string, number>>;
  /** Asks the database; fails while it is away. */
  rows: DatabaseRows['rows'];
}

export interface PlantOptions {
  readonly env?: Environment;
  readonly consumersEnv?: Environment;
  /** The revision's text; not given: what a model is that no revision names. */
  readonly revision?: string;
}

const gatewayPorts = async (): Promise<Environment> => {
  const first = await freeBlock([0, 1, 2]);
  return { HTTP_PORT: `${first}`, GRPC_PORT: `${first + 1}`, METRICS_PORT: `${first + 2}` };
};

export const startPlant = async (kind: RecordsKind, options: PlantOptions = {}): Promise<Plant> => {
  await using starting = new AsyncDisposableStack();
  const store = starting.use(
    await temporaryStore({
      'echo/1/model.onnx': echoModel(),
      'wide/1/model.onnx': wideEchoModel(),
      ...(options.revision === undefined ? {} : { '_revisions/000001.yaml': options.revision }),
    }),
  );
  const pair = starting.use(await startRecords(kind));
  const lives = starting.use(new AsyncDisposableStack());
  const env = { ...pair.env, RECORDS: 'true', ...options.env };
  const runtime: RunningRuntime = lives.use(await startRuntime(store.url));
  const open = async (more: Environment = {}): Promise<Place> => {
    const ports = await gatewayPorts();
    const place = await phoenix(async () =>
      lives.use(await startGateway([runtime.grpc], store.url, { ...env, ...ports, ...more })),
    );
    const clients = lives.use(connect(`127.0.0.1:${ports['GRPC_PORT']}`));
    return {
      get running() {
        return place.running;
      },
      kill: place.kill,
      restart: place.restart,
      clients,
    };
  };
  const consumersEnv = { ...pair.env, STORE_URL: store.url, ...options.consumersEnv };
  const consumers = await phoenix(async () => lives.use(await startConsumers(consumersEnv)));
  await untilConsuming(consumers.running);
  const gateway = await open();
  const { rows } = lives.use(openRows(pair.env.DATABASE_URL));
  const stack = starting.move();
  return {
    pair,
    gateway,
    consumers,
    open,
    rows,
    stored: async () => {
      const found = await rows('select id::text as id, count(*)::int as times from predictions group by id');
      return new Map(found.map(({ id, times }) => [String(id), Number(times)]));
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
