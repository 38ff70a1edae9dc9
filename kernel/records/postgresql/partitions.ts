import { createHash } from 'node:crypto';
import { sql } from 'kysely';
import type { Database, Transaction } from './database.ts';
import { dayMs, dayOf, dayText } from './day.ts';
import type { PredictionRow } from './prediction-row.ts';
import { queries } from './queries.ts';

/** Whoever makes or removes partitions holds this lock. */
export const lockPartitions = 'select pg_advisory_xact_lock(7406100002)';

const readableLength = 24;
const hashLength = 12;
/** Of the partitions that are remembered to be there. */
const maxKnown = 10_000;

/** A name of at most 63 bytes that no other model has, whatever the model is called. */
export const partitionName = (keptWith: string, day?: number): string => {
  const readable = keptWith.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_');
  const hash = createHash('sha256').update(keptWith).digest('hex').slice(0, hashLength);
  const whole = `predictions_${readable.slice(0, readableLength)}_${hash}`;
  return day === undefined ? whole : `${whole}_${dayText(day).replaceAll('-', '')}`;
};

const literal = (text: string): string => `'${text.replaceAll("'", "''")}'`;
const atDay = (day: number): string => `to_timestamp(${(day * dayMs) / 1_000})`;

/**
 * A table is made first and attached then: `create table … partition of` waits until nobody reads, and lets nobody read
 * while it waits.
 */
const makeForModel = (keptWith: string): string => {
  const name = partitionName(keptWith);
  return `
create table ${name} (like predictions including defaults) partition by range (time);
alter table predictions attach partition ${name} for values in (${literal(keptWith)})`;
};

/** Rows of up to 8 kB stay whole and are not compressed, which is half of the work of storing them. */
const makeForDay = (keptWith: string, day: number): string => {
  const [model, name] = [partitionName(keptWith), partitionName(keptWith, day)];
  return `
create table ${name} (like predictions including defaults) with (toast_tuple_target = 8160);
alter table ${model} attach partition ${name} for values from (${atDay(day)}) to (${atDay(day + 1)});
insert into prediction_days (kept_with, day, partition)
values (${literal(keptWith)}, '${dayText(day)}', '${name}')`;
};

const isThere = async (transaction: Transaction, table: string): Promise<boolean> => {
  const there = sql<boolean>`to_regclass(${table}) is not null`.as('there');
  const [row] = await transaction.run(queries.selectNoFrom(there).compile());
  return row?.there === true;
};

const make = async (transaction: Transaction, keptWith: string, day: number): Promise<void> => {
  await transaction.execute(lockPartitions);
  if (await isThere(transaction, partitionName(keptWith, day))) return;
  if (!(await isThere(transaction, partitionName(keptWith))))
    await transaction.execute(makeForModel(keptWith));
  await transaction.execute(makeForDay(keptWith, day));
};

export interface Partitions {
  /** Makes those that the rows need. */
  make(rows: readonly PredictionRow[]): Promise<void>;
  /** Others may have removed some. */
  forget(): void;
}

export const openPartitions = (database: Database): Partitions => {
  const known = new Set<string>();
  return {
    forget: () => known.clear(),
    make: async (rows) => {
      for (const { keptWith, timeMs } of rows) {
        const day = dayOf(timeMs);
        const key = `${day} ${keptWith}`;
        if (known.has(key)) continue;
        await database.transact((transaction) => make(transaction, keptWith, day));
        if (known.size >= maxKnown) known.clear();
        known.add(key);
      }
    },
  };
};
