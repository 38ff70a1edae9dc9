import { connect } from 'node:net';

/** A database that tests may use as they like, and kill. */
export interface DatabaseServer extends AsyncDisposable {
  readonly port: number;
  /** Of a database that is there from the start. */
  readonly url: string;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  signal(name: NodeJS.Signals): Promise<void>;
  /** Starts it again, on its port and with what it holds. */
  restart(): Promise<void>;
}

export const accepts = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const socket = connect(port, '127.0.0.1');
  socket.once('connect', () => resolve(true)).once('error', () => resolve(false));
  return promise.finally(() => socket.destroy());
};
