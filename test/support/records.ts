import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { skipKafka, startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import { freePort } from '@sluice/kernel/testing/free-port';
import { skipPostgres, startPostgres } from '@sluice/kernel/testing/postgres-server';
import { startProcess } from './process.ts';
import type { Environment } from './sluice.ts';

/** The two pairs of event log and database: lmdb and PGlite, Kafka and PostgreSQL. */
export type RecordsKind = 'embedded' | 'cluster';

/** What can be killed and comes back where it was. */
export interface Phoenix {
  /** kill -9, awaited. */
  kill(): Promise<void>;
  start(): Promise<void>;
}

export interface RecordsPair extends AsyncDisposable {
  /** EVENT_LOG_URL and DATABASE_URL. */
  readonly env: Environment;
  readonly database: Phoenix;
  /** undefined: the embedded log has no process. */
  readonly broker: Phoenix | undefined;
}

/** Why there is no such pair on this machine; false: there is one. In CI there is. */
export const whyNoRecords = (kind: RecordsKind): string | false =>
  kind === 'embedded' ? false : skipKafka || skipPostgres;

const startEmbedded = async (): Promise<RecordsPair> => {
  await using starting = new AsyncDisposableStack();
  const home = await mkdtemp(join(tmpdir(), 'sluice-pair-'));
  starting.defer(() => rm(home, { recursive: true, force: true }));
  const port = await freePort();
  const lives = starting.use(new AsyncDisposableStack());
  const launch = async () => {
    const env = { SLUICE_HOME: home, DATABASE_PORT: String(port), METRICS_PORT: '0' };
    const running = lives.use(startProcess('consumers/database/main.ts', env));
    await running.line('listening', 60_000);
    return running;
  };
  let running = await launch();
  const stack = starting.move();
  return {
    env: {
      EVENT_LOG_URL: `lmdb:${join(home, 'event-log')}`,
      DATABASE_URL: `postgres://sluice@127.0.0.1:${port}/sluice`,
    },
    database: {
      kill: async () => {
        running.signal('SIGKILL');
        await running.exited;
      },
      start: async () => {
        running = await launch();
      },
    },
    broker: undefined,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};

const startCluster = async (): Promise<RecordsPair> => {
  await using starting = new AsyncDisposableStack();
  const [kafka, postgres] = await Promise.all([
    startKafka().then((server) => starting.use(server)),
    startPostgres().then((server) => starting.use(server)),
  ]);
  const stack = starting.move();
  return {
    env: { EVENT_LOG_URL: kafka.url, DATABASE_URL: postgres.url },
    database: { kill: () => postgres.kill(), start: () => postgres.restart() },
    broker: { kill: () => kafka.kill(), start: () => kafka.restart() },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};

/** Starts a pair on free ports. */
export const startRecords = (kind: RecordsKind): Promise<RecordsPair> =>
  kind === 'embedded' ? startEmbedded() : startCluster();
