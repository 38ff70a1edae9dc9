import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type KafkaServer, skipKafka, startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import type { DatabaseServer } from '@sluice/kernel/testing/database-server';
import { freePort } from '@sluice/kernel/testing/free-port';
import { skipPostgres, startPostgres } from '@sluice/kernel/testing/postgres-server';
import { startDatabase } from './consumers.ts';
import type { Environment } from './sluice.ts';

/** embedded: lmdb and PGlite, as npm start has them; cluster: Kafka and PostgreSQL. */
export type RecordsKind = 'embedded' | 'cluster';

/** The kinds, and why tests on them are skipped here. */
export const recordsKinds: readonly { readonly kind: RecordsKind; readonly skip: string | false }[] = [
  { kind: 'embedded', skip: false },
  { kind: 'cluster', skip: skipKafka || skipPostgres },
];

/** Why there is no such pair on this machine; false: there is one. In CI there is. */
export const whyNoRecords = (wanted: RecordsKind): string | false =>
  recordsKinds.find(({ kind }) => kind === wanted)?.skip ?? false;

/** What can be killed, and comes back where it was. */
export type Phoenix = Pick<DatabaseServer, 'kill' | 'restart'>;

/** One that can be told to stop, too. */
export type Broker = Phoenix & Pick<KafkaServer, 'signal' | 'ports'>;

export interface RunningRecords extends AsyncDisposable {
  readonly kind: RecordsKind;
  /** Of gateways and consumers: SLUICE_HOME, EVENT_LOG_URL, DATABASE_URL. */
  readonly env: Environment & { readonly EVENT_LOG_URL: string; readonly DATABASE_URL: string };
  readonly home: string;
  readonly database: Phoenix;
  /** undefined: an embedded log is no process. */
  readonly broker: Broker | undefined;
}

type Parts = Omit<RunningRecords, 'kind' | 'home' | 'env' | typeof Symbol.asyncDispose> & {
  readonly eventLogUrl: string;
  readonly databaseUrl: string;
};

const embedded = async (home: string, stack: AsyncDisposableStack): Promise<Parts> => {
  const port = String(await freePort());
  const start = () => startDatabase(home, { DATABASE_PORT: port });
  let running = await start();
  stack.defer(() => running[Symbol.asyncDispose]());
  const kill = async (): Promise<void> => running[Symbol.asyncDispose]();
  const restart = async (): Promise<void> => {
    await kill();
    running = await start();
  };
  return {
    eventLogUrl: `lmdb:${home}/event-log`,
    databaseUrl: running.url,
    database: { kill, restart },
    broker: undefined,
  };
};

const cluster = async (stack: AsyncDisposableStack): Promise<Parts> => {
  const starting = { kafka: startKafka(), postgres: startPostgres() };
  const kafka = stack.use(await starting.kafka);
  const postgres = stack.use(await starting.postgres);
  return {
    eventLogUrl: kafka.url,
    databaseUrl: await postgres.newUrl(),
    database: postgres,
    broker: kafka,
  };
};

/** An event log and a database for a test file; the folder is gone with them. */
export const startRecords = async (kind: RecordsKind): Promise<RunningRecords> => {
  await using starting = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-records-'));
  starting.defer(() => rm(home, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 }));
  const parts = await (kind === 'embedded' ? embedded(home, starting) : cluster(starting));
  const { eventLogUrl, databaseUrl, database, broker } = parts;
  const stack = starting.move();
  return {
    kind,
    home,
    env: { SLUICE_HOME: home, EVENT_LOG_URL: eventLogUrl, DATABASE_URL: databaseUrl },
    database,
    broker,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
