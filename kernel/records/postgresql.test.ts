import { after } from 'node:test';
import { skipPostgres, startPostgres } from '../testing/postgres-server.ts';
import { recordsContract } from './testing/contract.ts';

const server = skipPostgres === false ? await startPostgres() : undefined;
after(() => server?.[Symbol.asyncDispose]());

const running = () => {
  if (server === undefined) throw new Error('PostgreSQL was not started');
  return server;
};

recordsContract({
  name: 'PostgreSQL',
  skip: skipPostgres,
  server: running,
  empty: () => running().newUrl(),
});
