import { join } from 'node:path';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Store } from '@sluice/kernel/store/store';
import { onDisk } from '@sluice/kernel/store/unavailable';
import type { PublishReleaseRequest__Output } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import type { GatewayConfig } from '../config.ts';
import type { Announced } from './announced.ts';
import { bounded } from './bounded.ts';
import type { InTurn } from './one-at-a-time.ts';
import { type Messages, receiveAnnounced, receiveFiles } from './receive-package.ts';
import { openStaging, sweepStaging } from './staging.ts';
import { checkReceived, findPublished, type Stored, storePackage } from './store-package.ts';

/** One stream of messages, and whose it is. */
export interface Publishing {
  readonly messages: AsyncIterable<PublishReleaseRequest__Output>;
  /** `address:port` */
  readonly peer: string;
  /** Aborted when the publisher goes away. */
  readonly signal: AbortSignal;
}

export interface TakeOptions {
  readonly config: GatewayConfig;
  readonly store: Store;
  /** What is stored at the same time waits for each other. */
  readonly inTurn: InTurn;
}

/** A package that is in the store now. */
export interface Taken {
  readonly announced: Announced;
  readonly stored: Stored;
}

/** Receives the files into a folder of their own, checks them there as a release, and stores them. */
const takeFiles = async (
  { config, store, inTurn }: TakeOptions,
  announced: Announced,
  messages: Messages,
  peer: string,
): Promise<Stored> => {
  await sweepStaging(config.PUBLISH_FOLDER, 2 * config.PUBLISH_MS);
  await using staging = await openStaging(config.PUBLISH_FOLDER);
  const { model, version, files, digest, by } = announced;
  const folder = join(staging.folder, model, version);
  await onDisk(staging.folder, () => receiveFiles(messages, files, folder));
  await checkReceived(openStore(`file:${staging.folder}`), announced);
  const publication = { digest, by, at: new Date().toISOString(), from: peer.replace(/:\d+$/, '') };
  return await inTurn(() => storePackage(store, announced, folder, publication));
};

/** What is no SluiceError is the store's, or that of the folder in which packages are received. */
const orUnavailable = (thrown: unknown): never => {
  if (thrown instanceof SluiceError) throw thrown;
  throw new SluiceError('STORE_UNAVAILABLE', `nothing was published: ${messageOf(thrown)}`, {
    cause: thrown,
  });
};

/** Takes a package from its first message into the store. What the store has already is not received again. */
export const takePackage = async (options: TakeOptions, publishing: Publishing): Promise<Taken> => {
  const { config, store } = options;
  const { messages, peer, signal } = publishing;
  const inTime = bounded(messages, {
    silenceMs: config.PUBLISH_SILENCE_MS,
    totalMs: config.PUBLISH_MS,
    signal,
  });
  try {
    const announced = await receiveAnnounced(inTime, {
      maxBytes: config.PUBLISH_MAX_BYTES,
      maxFiles: config.PUBLISH_MAX_FILES,
    });
    const there = await findPublished(store, announced);
    const stored =
      there === undefined
        ? await takeFiles(options, announced, inTime, peer)
        : { published: there.published, alreadyThere: true };
    return { announced, stored };
  } catch (error) {
    return orUnavailable(error);
  } finally {
    await inTime.return(undefined);
  }
};
