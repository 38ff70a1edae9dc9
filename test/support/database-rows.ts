import { Pool } from 'pg';

export type Row = Readonly<Record<string, unknown>>;

export interface DatabaseRows extends AsyncDisposable {
  /** Fails while the database is away. */
  rows(sql: string, values?: readonly unknown[]): Promise<readonly Row[]>;
}

/** Asks a database of a test, which may be killed meanwhile. In transactions: outside of them PGlite mixes clients. */
export const openRows = (url: string): DatabaseRows => {
  const pool = new Pool({ connectionString: url, max: 1, connectionTimeoutMillis: 20_000 });
  const ignored = (): void => undefined;
  pool.on('error', ignored).on('connect', (client) => client.on('error', ignored));
  return {
    rows: async (sql, values = []) => {
      const client = await pool.connect();
      let broken = true;
      try {
        await client.query('begin');
        const { rows } = await client.query<Row>(sql, [...values]);
        await client.query('commit');
        broken = false;
        return rows;
      } finally {
        client.release(broken);
      }
    },
    [Symbol.asyncDispose]: () => pool.end(),
  };
};
