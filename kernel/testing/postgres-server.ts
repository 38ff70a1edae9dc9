import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomUUID } from 'node:crypto';
import { once } from 'node:events';
import { chmod, chown, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import pg from 'pg';
import type { DatabaseServer } from './database-server.ts';
import { freePort } from './free-port.ts';
import { postgresPrograms, reasonToSkipPostgres, type SystemUser } from './postgres-program.ts';

const run = promisify(execFile);
const startMs = 60_000;
const lookMs = 20;

/** Quick rather than safe from a power loss; kill -9 costs nothing. */
const settings = [
  'fsync=off',
  'full_page_writes=off',
  'synchronous_commit=off',
  'max_connections=60',
  'shared_buffers=64MB',
  'max_wal_size=2GB',
  'listen_addresses=127.0.0.1',
  'unix_socket_directories=',
];

/** Ends the server when its input ends, which is when who started it is gone, however that came. */
const keeper = [
  'exec 3<&0; "$@" </dev/null 3<&- & server=$!',
  '{ cat <&3 >/dev/null; kill -QUIT $server; } 2>/dev/null & watcher=$!',
  'wait $server; kill $watcher',
].join('\n');

const found = await postgresPrograms();
/** Why tests on PostgreSQL are skipped; false: they run. In CI they do. */
export const skipPostgres: string | false = reasonToSkipPostgres(found, process.env) ?? false;
if (skipPostgres !== false) console.error(`\n*** SKIPPED: ${skipPostgres} ***\n`);

export interface PostgresServer extends DatabaseServer {
  /** Makes a database that nobody else has, and returns its URL. */
  newUrl(): Promise<string>;
}

interface Place {
  readonly folder: string;
  readonly port: number;
  readonly programs: string;
  readonly user: SystemUser | undefined;
}

const urlOf = (port: number, database: string): string => `postgres://sluice@127.0.0.1:${port}/${database}`;

const answers = async (port: number): Promise<boolean> => {
  const client = new pg.Client({ connectionString: urlOf(port, 'postgres'), connectionTimeoutMillis: 1_000 });
  client.on('error', () => undefined);
  try {
    await client.connect();
    return true;
  } catch {
    return false;
  } finally {
    await client.end().catch(() => undefined);
  }
};

const spawnServer = ({ folder, port, programs, user }: Place): ChildProcess => {
  const flags = [...settings, `port=${port}`].flatMap((setting) => ['-c', setting]);
  const command = [join(programs, 'postgres'), '-D', folder, ...flags];
  return spawn('sh', ['-c', keeper, 'sh', ...command], { ...user, stdio: ['pipe', 'ignore', 'ignore'] });
};

/** Of the server itself, whose parent is the keeper. */
const serverId = async (folder: string): Promise<number | undefined> => {
  const text = await readFile(join(folder, 'postmaster.pid'), 'utf8').catch(() => '');
  return Number.parseInt(text, 10) || undefined;
};

/** Children of a killed server hold its memory for a moment; until they are gone a new one ends at once. */
const launch = async (place: Place): Promise<ChildProcess> => {
  const until = performance.now() + startMs;
  let child = spawnServer(place);
  while (!(await answers(place.port))) {
    if (performance.now() > until) throw new Error(`PostgreSQL did not start in ${startMs} ms`);
    await pause(lookMs);
    if (child.exitCode !== null) child = spawnServer(place);
  }
  return child;
};

const prepare = async (): Promise<Place> => {
  if ('missing' in found) throw new Error(found.missing);
  const { folder: programs, user } = found;
  const folder = await mkdtemp(join(tmpdir(), 'sluice-postgres-'));
  await chmod(folder, 0o700);
  if (user) await chown(folder, user.uid, user.gid);
  const flags = ['--no-sync', '--auth=trust', '--username=sluice', '--encoding=UTF8', '--locale=C'];
  await run(join(programs, 'initdb'), [...flags, '-D', folder], { ...user, cwd: folder });
  return { folder, port: await freePort(), programs, user };
};

const stopped = async (child: ChildProcess, folder: string, name: NodeJS.Signals): Promise<void> => {
  const server = await serverId(folder);
  if (child.exitCode === null && child.signalCode === null && server !== undefined) {
    const exit = once(child, 'exit');
    process.kill(server, name);
    await exit;
  }
  child.stdin?.destroy();
};

const newDatabase = async (port: number): Promise<string> => {
  const name = `test_${randomUUID().replaceAll('-', '')}`;
  const client = new pg.Client({ connectionString: urlOf(port, 'postgres') });
  await client.connect();
  await client.query(`create database ${name}`);
  await client.end();
  return urlOf(port, name);
};

/** Starts one on a free port, with trust for everybody on this machine. */
export const startPostgres = async (): Promise<PostgresServer> => {
  const place = await prepare();
  const { folder, port } = place;
  let child = await launch(place);
  return {
    port,
    url: urlOf(port, 'postgres'),
    newUrl: () => newDatabase(port),
    kill: () => stopped(child, folder, 'SIGKILL'),
    signal: async (name) => {
      const server = await serverId(folder);
      if (server !== undefined) process.kill(server, name);
    },
    restart: async () => {
      await stopped(child, folder, 'SIGKILL');
      child = await launch(place);
    },
    [Symbol.asyncDispose]: async () => {
      await stopped(child, folder, 'SIGQUIT');
      await rm(folder, { recursive: true, force: true, maxRetries: 10, retryDelay: 50 });
    },
  };
};
