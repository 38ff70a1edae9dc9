import { createReadStream } from 'node:fs';
import { join } from 'node:path';
import { type ClientWritableStream, credentials, Metadata, type ServiceError } from '@grpc/grpc-js';
import type { Package } from '@sluice/protos/gen/sluice/v1/Package';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import type { PublishReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/PublishReleaseResponse';
import type { Packages } from '@sluice/protos/load';
import { SluiceError } from '../errors/sluice-error.ts';
import { remoteErrors } from './remote-error.ts';

export interface PublishOptions {
  /** host:port of the gateway's gRPC door. */
  readonly address: string;
  readonly packages: Packages;
  /** Roots that are trusted, in PEM; undefined: the connection is not encrypted; empty: the well-known ones. */
  readonly tlsRoots?: Buffer | undefined;
  readonly adminKey: string;
  /** Whole: the files in the order in which they are sent. */
  readonly announced: Package;
  /** In which the files lie. */
  readonly folder: string;
  /** When it must be done, in milliseconds of Date.now(). */
  readonly deadline?: number;
  /** Bytes that have left. */
  readonly onProgress?: (bytes: number) => void;
}

/** As large as the gateway takes it. */
const chunkBytes = 256 * 1024;

type Call = ClientWritableStream<PublishReleaseRequest>;

const credentialsOf = (roots: Buffer | undefined) => {
  if (roots === undefined) return credentials.createInsecure();
  return credentials.createSsl(roots.length === 0 ? null : roots);
};

/** Resolves when the next message may follow, or when the call is over. */
const sent = (call: Call, message: PublishReleaseRequest, over: Promise<unknown>): Promise<unknown> => {
  const taken = new Promise<void>((resolve) => call.write(message, () => resolve()));
  return Promise.race([taken, over]);
};

async function* chunksOf({ folder, announced }: PublishOptions): AsyncGenerator<Buffer> {
  for (const { path = '' } of announced.files ?? [])
    for await (const chunk of createReadStream(join(folder, path), { highWaterMark: chunkBytes }))
      yield chunk as Buffer;
}

const sendAll = async (options: PublishOptions, call: Call, answered: Promise<unknown>): Promise<void> => {
  let isOver = false;
  const over = answered.finally(() => {
    isOver = true;
  });
  over.catch(() => undefined);
  await sent(call, { package: options.announced }, over);
  for await (const chunk of chunksOf(options)) {
    if (isOver) return;
    await sent(call, { chunk }, over);
    options.onProgress?.(chunk.length);
  }
  call.end();
};

/**
 * Publishes the files of a folder through a gateway.
 * @throws SluiceError the gateway's own; RUNTIME_LOST where it cannot be reached or went away before it answered.
 */
export const publishPackage = async (options: PublishOptions): Promise<PublishReleaseResponse__Output> => {
  const { address, packages, tlsRoots, adminKey, deadline } = options;
  const client = new packages.sluice.v1.ModelService(address, credentialsOf(tlsRoots));
  const metadata = new Metadata();
  metadata.set('authorization', `Bearer ${adminKey}`);
  const answer = Promise.withResolvers<PublishReleaseResponse__Output>();
  const errorOf = remoteErrors(packages);
  const done = (error: ServiceError | null, value?: PublishReleaseResponse__Output): void => {
    if (error !== null) answer.reject(errorOf(error));
    else if (value === undefined) answer.reject(new SluiceError('INTERNAL', 'the answer is empty'));
    else answer.resolve(value);
  };
  const call = client.PublishRelease(metadata, deadline === undefined ? {} : { deadline }, done);
  try {
    // What the gateway answered says more than why the rest could not be sent.
    await sendAll(options, call, answer.promise);
    return await answer.promise;
  } catch (error) {
    call.cancel();
    throw error;
  } finally {
    client.close();
  }
};
