import { after } from 'node:test';
import pg from 'pg';
import { startPglite } from '../testing/pglite-server.ts';
import { recordsContract } from './testing/contract.ts';

const server = await startPglite();
after(() => server[Symbol.asyncDispose]());

recordsContract({
  name: 'PGlite',
  skip: false,
  server: () => server,
  // It has one database only.
  empty: async () => {
    const client = new pg.Client({ connectionString: server.url });
    await client.connect();
    await client.query('drop schema public cascade; create schema public');
    await client.end();
    return server.url;
  },
});
