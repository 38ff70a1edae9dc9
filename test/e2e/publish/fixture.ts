import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';

import { openStore } from '@sluice/kernel/store/open-store';
import type { Store } from '@sluice/kernel/store/store';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { skipS3 } from '@sluice/kernel/testing/s3-server';
import { sharedS3 } from '@sluice/kernel/testing/store-kinds';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import { type Clients, connect } from '../../support/clients.ts';
import { adminEnv, announce } from '../../support/publishing.ts';
import { type Environment, type RunningSluice, startSluice } from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';

/** Sluice over an empty store, in which one may publish. */
export interface Publishable extends AsyncDisposable, RunningSluice {
  readonly store: Store;
  readonly clients: Clients;
  /** The folder in which packages are received. */
  readonly receiving: string;
  /** What lies there; nothing when nobody publishes. */
  readonly received: () => Promise<string[]>;
}

/** A store that holds nothing, and what processes need to reach it. */
interface EmptyStore {
  readonly url: string;
  readonly env: Environment;
}

export const emptyStores = {
  'a folder': {
    skip: false,
    open: async (stack: AsyncDisposableStack): Promise<EmptyStore> => ({
      url: stack.use(await temporaryStore()).url,
      env: {},
    }),
  },
  S3: {
    skip: skipS3,
    open: async (stack: AsyncDisposableStack): Promise<EmptyStore> => {
      const cache = stack.use(await temporaryStore());
      const server = await sharedS3();
      return { url: server.newUrl(), env: { ...server.env, STORE_CACHE: cache.folder } };
    },
  },
} as const;
export type StoreName = keyof typeof emptyStores;

export const startPublishable = async (
  env: Environment = {},
  storeName: StoreName = 'a folder',
): Promise<Publishable> => {
  await using stack = new AsyncDisposableStack();
  const { url, env: storeEnv } = await emptyStores[storeName].open(stack);
  const receiving = stack.use(await temporaryStore());
  const sluice = stack.use(
    await startSluice({
      store: url,
      env: { ...adminEnv, PUBLISH_FOLDER: receiving.folder, ...storeEnv, ...env },
      runtimeEnv: storeEnv,
    }),
  );
  const clients = stack.use(connect(sluice.gateway.grpc));
  const owned = stack.move();
  return {
    ...sluice,
    store: openStore(url),
    clients,
    receiving: receiving.folder,
    received: () => readdir(receiving.folder),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

export const model = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);

/** The files of a release of `echo` (fault/support/ask.ts asks it). */
export const echoFiles = (version: string, description = '') => ({
  'model.onnx': model,
  'sluice.yaml': JSON.stringify({ apiVersion: 'sluice/v1', model: 'echo', version, description }),
});

/** All messages of a publication. */
export const messagesOf = (
  version: string,
  change: Partial<ReturnType<typeof announce>> = {},
  files: Readonly<Record<string, Uint8Array | string>> = echoFiles(version),
): PublishReleaseRequest[] => [
  { package: { ...announce('echo', version, files), ...change } },
  ...Object.values(files).map((content) => ({ chunk: Buffer.from(content) })),
];

/** Nothing is in the store, nothing was left where packages are received. */
export const assertNothingLeft = async ({ store, received }: Publishable): Promise<void> => {
  assert.deepEqual(await store.files(''), [], 'in the store');
  assert.deepEqual(await received(), [], 'where packages are received');
};
