import pg from 'pg';
import { messageOf } from '../../errors/message-of.ts';
import { SluiceError } from '../../errors/sluice-error.ts';
import { placeOf } from './unavailable.ts';

/** Until a connection is there, or one of the pool is free. */
const connectMs = 5_000;
/** Until an answer is there: more than the server allows itself, which says more when it gives up. */
const answerMs = 40_000;
const idleMs = 30_000;

export interface DatabaseOptions {
  /** postgres://user:password@host:port/database, with pg's parameters. */
  readonly url: string;
  /** At once; further transactions wait for a free one. */
  readonly maxConnections?: number;
}

const defaultConnections = 4;

/**
 * A pool that connects when it is first used.
 * @throws SluiceError INVALID_INPUT for a URL that is none of PostgreSQL's
 */
export const openPool = ({ url, maxConnections = defaultConnections }: DatabaseOptions): pg.Pool => {
  const config: pg.PoolConfig = {
    connectionString: url,
    max: maxConnections,
    connectionTimeoutMillis: connectMs,
    query_timeout: answerMs,
    idleTimeoutMillis: idleMs,
    keepAlive: true,
  };
  checkUrl(url, config);
  const pool = new pg.Pool(config);
  // An idle connection that breaks is taken out of the pool; the next call says what is the matter.
  pool.on('error', () => undefined);
  return pool;
};

const checkUrl = (url: string, config: pg.PoolConfig): void => {
  const expected = 'DATABASE_URL: expected postgres://user@host:port/database';
  if (!/^postgres(ql)?:\/\//.test(url))
    throw new SluiceError('INVALID_INPUT', `${expected}, got ${placeOf(url)}`);
  try {
    new pg.Client(config);
  } catch (error) {
    throw new SluiceError('INVALID_INPUT', `${expected}: ${messageOf(error)}`, { cause: error });
  }
};
