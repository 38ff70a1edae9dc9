import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';

/** Where Debian puts the programs of a version: <here>/15/bin. */
const debianFolder = '/usr/lib/postgresql';
/** PostgreSQL refuses to run as root; the first of these that is there lends its name. */
const users = ['postgres', 'nobody'];

/** Who runs it; undefined: who we are. */
export interface SystemUser {
  readonly uid: number;
  readonly gid: number;
}

export type PostgresPrograms =
  | { readonly folder: string; readonly user: SystemUser | undefined }
  | { readonly missing: string };

const newestIn = async (folder: string): Promise<string | undefined> => {
  const versions = await readdir(folder).catch(() => []);
  return versions.filter((name) => /^\d+$/.test(name)).toSorted((a, b) => Number(b) - Number(a))[0];
};

const findUser = async (): Promise<SystemUser | undefined> => {
  const lines = (await readFile('/etc/passwd', 'utf8')).split('\n').map((line) => line.split(':'));
  for (const user of users) {
    const [, , uid, gid] = lines.find(([name]) => name === user) ?? [];
    if (uid !== undefined && gid !== undefined) return { uid: Number(uid), gid: Number(gid) };
  }
  return undefined;
};

export const postgresPrograms = async (versions = debianFolder): Promise<PostgresPrograms> => {
  const version = await newestIn(versions);
  if (version === undefined) return { missing: `there is no PostgreSQL in ${versions}` };
  const folder = join(versions, version, 'bin');
  if (process.getuid?.() !== 0) return { folder, user: undefined };
  const user = await findUser();
  return user
    ? { folder, user }
    : { missing: `root cannot run PostgreSQL, and there is no ${users.join(', ')}` };
};

/** What is to be done without it: undefined: nothing, it is there; else the text to skip with. @throws Error in CI */
export const reasonToSkipPostgres = (found: PostgresPrograms, env: NodeJS.ProcessEnv): string | undefined => {
  if (!('missing' in found)) return undefined;
  const line = `the tests on PostgreSQL did not run: ${found.missing}`;
  if (env['CI'] !== undefined && env['CI'] !== '' && env['CI'] !== 'false') throw new Error(line);
  return line;
};
