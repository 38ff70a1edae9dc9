import { PGlite } from '@electric-sql/pglite';
import { PGLiteSocketServer } from '@electric-sql/pglite-socket';

export interface DatabaseOptions {
  /** Made when it is not there. */
  readonly folder: string;
  readonly host: string;
  /** 0: any that is free. */
  readonly port: number;
  readonly maxConnections: number;
}

export interface RunningDatabase extends AsyncDisposable {
  readonly port: number;
}

/** The host may be an IPv6 address. */
const portOf = (address: string): number => Number(address.slice(address.lastIndexOf(':') + 1));

/** PostgreSQL in this process (PGlite), which plain clients reach at a port. The first start takes some seconds. */
export const startDatabase = async ({
  folder,
  host,
  port,
  maxConnections,
}: DatabaseOptions): Promise<RunningDatabase> => {
  await using opening = new AsyncDisposableStack();
  const db = opening.adopt(await PGlite.create(folder), (opened) => opened.close());
  const server = opening.adopt(new PGLiteSocketServer({ db, host, port, maxConnections }), (started) =>
    started.stop(),
  );
  await server.start();
  const stack = opening.move();
  return {
    port: portOf(server.getServerConn()),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
