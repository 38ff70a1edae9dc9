import { Client, credentials } from '@grpc/grpc-js';
import { callError } from './grpc-refusal.ts';

export interface RawClient extends Disposable {
  /** Sends bytes as the message of a unary call; the status of the answer, 0: it went well. */
  unary(method: string, bytes: Uint8Array): Promise<{ readonly status: number; readonly details: string }>;
  /** Sends messages over a bidirectional stream and ends it; the status that it ends with. */
  stream(method: string, messages: readonly Uint8Array[]): Promise<number>;
}

/** Nothing that is asked here may take longer. */
const patienceMs = 60_000;

const asIs = (bytes: Buffer): Buffer => bytes;
const soon = () => ({ deadline: Date.now() + patienceMs });

/** A gRPC client whose messages are whatever bytes it is given. */
export const rawClient = (address: string): RawClient => {
  const client = new Client(address, credentials.createInsecure());
  return {
    unary: (method, bytes) =>
      new Promise((resolve) => {
        client.makeUnaryRequest(`/${method}`, asIs, asIs, Buffer.from(bytes), soon(), (error) => {
          if (error === null) return resolve({ status: 0, details: '' });
          const { code, details } = callError(error);
          resolve({ status: code, details });
        });
      }),
    stream: (method, messages) =>
      new Promise((resolve) => {
        const stream = client.makeBidiStreamRequest(`/${method}`, asIs, asIs, soon());
        stream.on('data', () => undefined);
        stream.on('error', () => undefined);
        stream.on('status', ({ code }) => resolve(code));
        for (const message of messages) stream.write(Buffer.from(message));
        stream.end();
      }),
    [Symbol.dispose]: () => client.close(),
  };
};
