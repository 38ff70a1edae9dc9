import type { TestContext } from 'node:test';
import type { DatabaseServer } from '../../testing/database-server.ts';

/** A kind of database that the contract's cases run on. */
export interface DatabaseKind {
  readonly name: string;
  /** Why not; false: it runs. */
  readonly skip: string | false;
  /** The one that all cases share, one after the other. */
  server(): DatabaseServer;
  /** The URL of an empty database, without tables. */
  empty(t: TestContext): Promise<string>;
}
