import { setTimeout as pause } from 'node:timers/promises';
import type { CompiledQuery } from 'kysely';
import type pg from 'pg';
import type { SluiceError } from '../../errors/sluice-error.ts';
import { type DatabaseOptions, openPool } from './connect.ts';
import { checkSchema } from './schema-version.ts';
import { asUnavailable, isAnswer, isRepeatable, placeOf } from './unavailable.ts';

/** What the server allows a statement, and a client that stands still within its transaction. */
const statementMs = 30_000;
const lockMs = 10_000;
const silentMs = 30_000;
const maxAttempts = 10;
const maxPauseMs = 50;

/** In one message, and for this transaction only: PGlite's clients share one session. */
const begin = [
  'begin',
  `set local statement_timeout = ${statementMs}`,
  `set local lock_timeout = ${lockMs}`,
  // Compiling a query costs more than any of ours takes.
  'set local jit = off',
  `set local idle_in_transaction_session_timeout = ${silentMs}`,
].join('; ');

export interface Transaction {
  run<Row>(query: CompiledQuery<Row>): Promise<readonly Row[]>;
  select<Row>(sql: string, parameters?: readonly Buffer[]): Promise<readonly Row[]>;
  /** Returns how many rows were written. */
  write(sql: string, parameters: readonly Buffer[]): Promise<number>;
  /** Without parameters. */
  execute(sql: string): Promise<void>;
}

export interface Database extends AsyncDisposable {
  /** What failed, as what the ports promise. */
  unavailable(error: unknown): SluiceError;
  /**
   * Does the work in one transaction, and all of it again when others were in its way.
   * Queries with parameters are safe only in here: PGlite mixes those of its clients outside of transactions.
   * @throws SluiceError DATABASE_UNAVAILABLE; errors of the server that `passOn` names as they are
   */
  transact<T>(work: (transaction: Transaction) => Promise<T>, passOn?: PassOn): Promise<T>;
}

type PassOn = (error: unknown) => boolean;

const transactionOn = (client: pg.PoolClient): Transaction => ({
  run: async (query) => (await client.query(query.sql, [...query.parameters])).rows,
  select: async (sql, parameters = []) => (await client.query(sql, [...parameters])).rows,
  write: async (sql, parameters) => (await client.query(sql, [...parameters])).rowCount ?? 0,
  execute: async (sql) => void (await client.query(sql)),
});

/** Gives the connection back, or up: then the server rolls back by itself. */
const giveBack = async (client: pg.PoolClient, error: unknown): Promise<void> => {
  try {
    if (isAnswer(error)) await client.query('rollback');
    client.release(!isAnswer(error));
  } catch {
    client.release(true);
  }
};

const attempt = async <T>(
  client: pg.PoolClient,
  work: (transaction: Transaction) => Promise<T>,
): Promise<T> => {
  try {
    await client.query(begin);
    const result = await work(transactionOn(client));
    await client.query('commit');
    client.release();
    return result;
  } catch (error) {
    await giveBack(client, error);
    throw error;
  }
};

/** The connections were checked for a schema that this code knows. */
const connector = (pool: pg.Pool, place: string): (() => Promise<pg.PoolClient>) => {
  const checked = new WeakSet<pg.PoolClient>();
  return async () => {
    const client = await pool.connect();
    if (checked.has(client)) return client;
    try {
      await checkSchema(client, place);
      checked.add(client);
      return client;
    } catch (error) {
      client.release(true);
      throw error;
    }
  };
};

/** Opens no connection until the first transaction. */
export const openDatabase = (options: DatabaseOptions): Database => {
  const pool = openPool(options);
  const place = placeOf(options.url);
  const connect = connector(pool, place);
  return {
    unavailable: (error) => asUnavailable(place, error),
    transact: async (work, passOn = () => false) => {
      for (let attempts = 1; ; attempts += 1) {
        try {
          return await attempt(await connect(), work);
        } catch (error) {
          if (passOn(error)) throw error;
          if (!isRepeatable(error) || attempts === maxAttempts) throw asUnavailable(place, error);
          await pause(Math.random() * maxPauseMs);
        }
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
};
