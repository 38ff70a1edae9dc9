import { createServer, type Server as Listening } from 'node:net';
import { Server, ServerCredentials } from '@grpc/grpc-js';
import { messageOf } from '../errors/message-of.ts';
import { ReceiveWatch } from './receive-watch.ts';
import { widenWindows } from './wide-windows.ts';
import { writeAhead } from './write-ahead.ts';

export interface RpcLimits {
  /** Largest message that is received. */
  readonly maxMessageBytes: number;
  /** Streams (calls) at once on one connection. */
  readonly maxConcurrentStreams: number;
  /** HTTP/2 memory of one connection, in megabytes. */
  readonly maxSessionMemoryMb: number;
  /** Metadata of one call, in bytes. */
  readonly maxMetadataBytes: number;
  /** Longest time that the message of a unary call may take to arrive. */
  readonly receiveMs: number;
}

export const defaultLimits: RpcLimits = {
  maxMessageBytes: 64 * 1024 * 1024,
  maxConcurrentStreams: 4096,
  maxSessionMemoryMb: 256,
  maxMetadataBytes: 16 * 1024,
  receiveMs: 120_000,
};

export interface RpcServerOptions {
  readonly host: string;
  readonly port: number;
  /** Shares the port with other processes that do the same; the system deals connections out. */
  readonly reusePort?: boolean;
  /** Certificate and private key in PEM; not given: connections are not encrypted. */
  readonly tls?: { readonly cert: Buffer; readonly key: Buffer } | undefined;
  readonly limits: RpcLimits;
  /** Longest wait for calls in flight when the server stops. */
  readonly drainMs: number;
  readonly addServices: (server: Server) => void;
}

export interface RpcServer extends AsyncDisposable {
  readonly port: number;
}

/** A port that is open, and how no more connections are taken. */
interface Listener {
  readonly port: number;
  readonly close: () => void;
}

const optionsOf = (limits: RpcLimits) => ({
  'grpc.max_receive_message_length': limits.maxMessageBytes,
  'grpc.max_send_message_length': -1,
  'grpc.max_concurrent_streams': limits.maxConcurrentStreams,
  'grpc-node.max_session_memory': limits.maxSessionMemoryMb,
  'grpc.max_metadata_size': limits.maxMetadataBytes,
});

const credentialsOf = ({ tls }: RpcServerOptions): ServerCredentials =>
  tls === undefined
    ? ServerCredentials.createInsecure()
    : ServerCredentials.createSsl(null, [{ cert_chain: tls.cert, private_key: tls.key }]);

const bind = (server: Server, address: string, credentials: ServerCredentials): Promise<number> =>
  new Promise((resolve, reject) => {
    server.bindAsync(address, credentials, (error, port) => {
      if (error === null) resolve(port);
      else reject(new Error(`cannot bind ${address}: ${messageOf(error)}`));
    });
  });

const listenShared = (listener: Listening, host: string, port: number): Promise<void> =>
  new Promise((resolve, reject) => {
    const fail = (error: Error): void =>
      reject(new Error(`cannot bind ${host}:${port}: ${messageOf(error)}`, { cause: error }));
    listener.once('error', fail);
    listener.listen({ host, port, reusePort: true }, () => {
      listener.off('error', fail);
      resolve();
    });
  });

/** grpc-js has no option for a shared port; it takes connections that somebody else accepted. */
const bindShared = async (server: Server, options: RpcServerOptions): Promise<Listener> => {
  const { host, port } = options;
  const injector = server.createConnectionInjector(credentialsOf(options));
  const listener = createServer((socket) => injector.injectConnection(socket));
  await listenShared(listener, host, port);
  const address = listener.address();
  return {
    port: typeof address === 'object' && address !== null ? address.port : port,
    close: () => void listener.close(),
  };
};

/** Waits for calls in flight, then ends what is left. */
const drain = (server: Server, drainMs: number): Promise<void> =>
  new Promise((resolve) => {
    const force = setTimeout(() => server.forceShutdown(), drainMs);
    server.tryShutdown(() => {
      clearTimeout(force);
      resolve();
    });
  });

/** @throws Error naming the address when it cannot be bound. */
export const startRpcServer = async (options: RpcServerOptions): Promise<RpcServer> => {
  const { limits } = options;
  const watch = new ReceiveWatch(limits.receiveMs);
  const interceptors = [watch.interceptor, writeAhead];
  const server = new Server({ ...optionsOf(limits), interceptors });
  options.addServices(server);
  const windows = widenWindows();
  const { port, close } = options.reusePort
    ? await bindShared(server, options)
    : {
        port: await bind(server, `${options.host}:${options.port}`, credentialsOf(options)),
        close: () => undefined,
      };
  const stop = (): Promise<void> => {
    close();
    windows[Symbol.dispose]();
    return drain(server, options.drainMs).finally(() => watch[Symbol.dispose]());
  };
  return { port, [Symbol.asyncDispose]: stop };
};
