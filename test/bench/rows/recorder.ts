import assert from 'node:assert/strict';
import { mkdtemp } from 'node:fs/promises';
import { join } from 'node:path';
import { skipPostgres, startPostgres } from '@sluice/kernel/testing/postgres-server';
import { startDatabase } from '../../support/consumers.ts';
import { openRows } from '../../support/database-rows.ts';
import type { Bench } from '../bench.ts';
import type { Sample } from '../figures.ts';
import { type FilledLog, fillLog } from '../systems/filled-log.ts';
import { measureDrain } from './drain.ts';
import type { Row } from './row.ts';

const records = 100_000;

interface Kind {
  readonly name: string;
  readonly title: string;
  /** A new database; its URL. */
  readonly open: (bench: Bench, stack: AsyncDisposableStack) => Promise<string>;
}

const kinds: readonly Kind[] = [
  {
    name: 'recorder-postgres',
    title: 'into PostgreSQL',
    open: async (_, stack) => {
      if (skipPostgres !== false) throw new Error(skipPostgres);
      return stack.use(await startPostgres()).newUrl();
    },
  },
  {
    name: 'recorder-pglite',
    title: 'into PGlite, as npm start has it',
    open: async ({ folder }, stack) =>
      stack.use(await startDatabase(await mkdtemp(join(folder, 'pglite-')))).url,
  },
];

const sampleOf = async (bench: Bench, filled: FilledLog, { open }: Kind): Promise<Sample> => {
  await using stack = new AsyncDisposableStack();
  const url = await open(bench, stack);
  const env = { CONSUMERS: 'recorder', DATABASE_URL: url };
  const counter = 'sluice_recorder_predictions_total';
  const { done, ...sample } = await measureDrain(bench, { filled, env, counter });
  const database = stack.use(openRows(url));
  const [counted] = await database.rows('select count(distinct id)::int as rows from predictions');
  assert.deepEqual(counted, { rows: done }, 'each record is a row');
  return sample;
};

/** The recorder works through a topic that was filled before; both kinds of database read the same messages. */
export const recorderRows = (): Row[] => {
  let filling: Promise<FilledLog> | undefined;
  const filledBy = (bench: Bench): Promise<FilledLog> => {
    filling ??= fillLog(bench, records);
    return filling;
  };
  return kinds.map((kind) => ({
    name: kind.name,
    title: `the recorder, ${records.toLocaleString('en-US')} records of Predict, ${kind.title}`,
    section: 'recorder',
    needs: ['h2load'],
    prepare: async (bench) => void (await filledBy(bench)),
    measure: async (bench) => sampleOf(bench, await filledBy(bench), kind),
  }));
};
