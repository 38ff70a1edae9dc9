import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { freeBlock } from '@sluice/kernel/testing/free-port';
import { type RunningConsumers, startConsumers, untilConsuming } from '../../support/consumers.ts';
import { type DatabaseRows, openRows } from '../../support/database-rows.ts';
import { type RecordsKind, type RunningRecords, startRecords } from '../../support/records.ts';
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { echoModel } from '../support/models.ts';
import { phoenix, type Revived } from '../support/phoenix.ts';
import { runtimePorts } from '../support/ports.ts';

export const source = 'events';
export const letters = 'letters';
/** Unlike each other, so that nothing comes out right because the partitions are the same. */
const [sourcePartitions, sinkPartitions] = [4, 3];

/** Streams by the topic that each of them writes. */
export const sinks = { 'exactly-once': 'once', 'at-least-once': 'at-least' } as const;
export type Delivery = keyof typeof sinks;
export const deliveries: readonly Delivery[] = ['exactly-once', 'at-least-once'];

/** As far ahead as one likes; Kafka lets none be further than an hour otherwise. */
const anyTime = { 'message.timestamp.after.max.ms': '9223372036854775807' };

/** Both streams read the same events. */
const streams = deliveries.map((delivery) => ({
  name: sinks[delivery],
  from: source,
  to: sinks[delivery],
  model: 'echo',
  features: { x0: 'number' },
  pass: ['number', 'name'],
  start: 'earliest',
  deadLetters: letters,
  delivery,
}));

/** All that an event meets on its road; each part can be killed and comes back. */
export interface StreamPlant extends AsyncDisposable {
  readonly pair: RunningRecords;
  /** The test's own. */
  readonly log: EventLog;
  readonly runtimes: readonly Revived<RunningRuntime>[];
  readonly gateways: readonly Revived<RunningGateway>[];
  readonly scorers: readonly Revived<RunningConsumers>[];
  readonly recorder: Revived<RunningConsumers>;
  /** Asks the database; fails while it is away. */
  rows: DatabaseRows['rows'];
}

export interface StreamPlantOptions {
  readonly runtimes?: number;
  readonly gateways?: number;
  readonly scorers?: number;
  readonly gatewayEnv?: Environment;
  /** Of both streams, over what they are otherwise. */
  readonly settings?: Readonly<Record<string, unknown>>;
}

const gatewayPorts = async (): Promise<Environment> => {
  const first = await freeBlock([0, 1, 2, 3]);
  const names = ['HTTP_PORT', 'GRPC_PORT', 'METRICS_PORT', 'LINK_PORT'];
  return Object.fromEntries(names.map((name, index) => [name, `${first + index}`]));
};

const times = <T>(count: number, open: () => Promise<T>): Promise<T[]> =>
  Promise.all(Array.from({ length: count }, open));

const createTopics = ({ admin }: EventLog): Promise<void> =>
  admin.create([
    { topic: source, partitions: sourcePartitions, config: anyTime },
    ...Object.values(sinks).map((topic) => ({ topic, partitions: sinkPartitions })),
    { topic: letters, partitions: 1 },
  ]);

export const startStreamPlant = async (
  kind: RecordsKind,
  options: StreamPlantOptions = {},
): Promise<StreamPlant> => {
  const { gatewayEnv = {}, settings = {} } = options;
  await using starting = new AsyncDisposableStack();
  const revision = {
    revision: 1,
    who: 'tests',
    when: '2026-11-22T08:00:00.000Z',
    streams: streams.map((stream) => ({ ...stream, ...settings })),
  };
  const store = starting.use(
    await temporaryStore({
      'echo/1/model.onnx': echoModel(),
      '_revisions/000001.yaml': JSON.stringify(revision),
    }),
  );
  const pair = starting.use(await startRecords(kind));
  const log = starting.use(await openEventLog({ url: pair.env.EVENT_LOG_URL }));
  await createTopics(log);
  const lives = starting.use(new AsyncDisposableStack());
  const runtimes = await times(options.runtimes ?? 1, async () => {
    const ports = await runtimePorts();
    return phoenix(async () => lives.use(await startRuntime(store.url, ports)));
  });
  const addresses = runtimes.map(({ running }) => running.grpc);
  const recorder = await phoenix(async () =>
    lives.use(await startConsumers({ ...pair.env, STORE_URL: store.url, CONSUMERS: 'recorder' })),
  );
  await untilConsuming(recorder.running);
  const gateways = await times(options.gateways ?? 1, async () => {
    const env = { ...pair.env, RECORDS: 'true', ...gatewayEnv, ...(await gatewayPorts()) };
    return phoenix(async () => lives.use(await startGateway(addresses, store.url, env)));
  });
  const links = gateways.map(({ running }) => running.link).join(',');
  const scorerEnv = { ...pair.env, STORE_URL: store.url, CONSUMERS: 'scorer', GATEWAY_LINKS: links };
  const scorers = await times(options.scorers ?? 1, () =>
    phoenix(async () => lives.use(await startConsumers(scorerEnv))),
  );
  const { rows } = lives.use(openRows(pair.env.DATABASE_URL));
  const stack = starting.move();
  return {
    pair,
    log,
    runtimes,
    gateways,
    scorers,
    recorder,
    rows,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
