import pg from 'pg';
import { migrations } from './migrations.ts';
import { databaseUnavailable } from './unavailable.ts';

const noSuchTable = '42P01';

/** What this code knows and needs. */
export const ownVersion = migrations.length;

/** Applied to the database; 0: it has no tables yet. */
const versionOf = async (client: pg.ClientBase): Promise<number> => {
  try {
    const { rows } = await client.query('select coalesce(max(number), 0) as version from sluice_migrations');
    return Number(rows[0]?.version);
  } catch (error) {
    if (error instanceof pg.DatabaseError && error.code === noSuchTable) return 0;
    throw error;
  }
};

export const refuseNewer = (version: number, place: string): void => {
  if (version <= ownVersion) return;
  throw databaseUnavailable(
    place,
    `is newer than this program: its schema is ${version}, known are those up to ${ownVersion}; ` +
      'start a version of Sluice that knows it, or restore a backup from before it was brought up to date',
  );
};

/** @throws SluiceError DATABASE_UNAVAILABLE for a schema that is older or newer than this code's */
export const checkSchema = async (client: pg.ClientBase, place: string): Promise<void> => {
  const version = await versionOf(client);
  refuseNewer(version, place);
  if (version === ownVersion) return;
  throw databaseUnavailable(
    place,
    `is older than this program: its schema is ${version}, needed is ${ownVersion}; ` +
      'the consumers bring it up to date when they start',
  );
};
