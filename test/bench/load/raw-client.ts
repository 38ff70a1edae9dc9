import { Client, credentials } from '@grpc/grpc-js';
import { unary } from '../../support/clients.ts';

const asIs = (bytes: Buffer): Buffer => bytes;
const deadlineMs = 30_000;

const open = (address: string): Client =>
  new Client(address, credentials.createInsecure(), {
    'grpc.max_receive_message_length': -1,
    'grpc.max_send_message_length': -1,
  });

/** Sends bytes that are a message already; resolves with those of the answer. */
export const askUnary = async (address: string, path: string, message: Buffer): Promise<Buffer> => {
  const client = open(address);
  try {
    const options = { deadline: Date.now() + deadlineMs };
    return await unary((done) => client.makeUnaryRequest(path, asIs, asIs, message, options, done));
  } finally {
    client.close();
  }
};

/** Sends all messages over one stream and closes it; resolves with all answers once the call has ended well. */
export const askStream = async (
  address: string,
  path: string,
  messages: readonly Buffer[],
): Promise<Buffer[]> => {
  const client = open(address);
  try {
    const stream = client.makeBidiStreamRequest(path, asIs, asIs, { deadline: Date.now() + deadlineMs });
    for (const message of messages) stream.write(message);
    stream.end();
    return (await Array.fromAsync(stream)) as Buffer[];
  } finally {
    client.close();
  }
};
