import type pg from 'pg';
import { type DatabaseOptions, openPool } from './postgresql/connect.ts';
import { migrations } from './postgresql/migrations.ts';
import { ownVersion, refuseNewer } from './postgresql/schema-version.ts';
import { asUnavailable, placeOf } from './postgresql/unavailable.ts';

/** Whoever brings the schema up to date holds this lock. */
const migrationLock = 7_406_100_001;
/** While somebody else brings it up to date. */
const lockMs = 30_000;

const prepare = `
begin;
set local lock_timeout = ${lockMs};
select pg_advisory_xact_lock(${migrationLock});
create table if not exists sluice_migrations (
  number integer primary key,
  name text not null,
  applied timestamptz not null default now()
)`;

/** Applies the next one; undefined: there is none. */
const applyNext = async (client: pg.ClientBase, place: string): Promise<number | undefined> => {
  await client.query(prepare);
  const { rows } = await client.query('select coalesce(max(number), 0) as version from sluice_migrations');
  const version = Number(rows[0]?.version);
  refuseNewer(version, place);
  const next = migrations[version];
  if (next) {
    await client.query(next.sql);
    const name = next.name.replaceAll("'", "''");
    await client.query(`insert into sluice_migrations (number, name) values (${version + 1}, '${name}')`);
  }
  await client.query('commit');
  return next && version + 1;
};

/**
 * Brings the schema up to date, a transaction for each step; may be called by many at once. Returns its version.
 * @throws SluiceError DATABASE_UNAVAILABLE, also for a schema that is newer than this code; INVALID_INPUT for the URL
 */
export const migrateRecords = async (options: Pick<DatabaseOptions, 'url'>): Promise<number> => {
  const place = placeOf(options.url);
  const pool = openPool({ ...options, maxConnections: 1 });
  try {
    const client = await pool.connect();
    try {
      while ((await applyNext(client, place)) !== undefined);
    } finally {
      client.release(true);
    }
  } catch (error) {
    throw asUnavailable(place, error);
  } finally {
    await pool.end();
  }
  return ownVersion;
};
