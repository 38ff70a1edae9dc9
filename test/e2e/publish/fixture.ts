import assert from 'node:assert/strict';
import { readdir } from 'node:fs/promises';

import { openStore } from '@sluice/kernel/store/open-store';
import type { Store } from '@sluice/kernel/store/store';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import type { PublishReleaseRequest } from '@sluice/protos/gen/sluice/v1/PublishReleaseRequest';
import { type Clients, connect } from '../../support/clients.ts';
import { adminEnv, announce } from '../../support/publishing.ts';
import { type Environment, type RunningSluice, startSluice } from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { aFolder, type StoreKind } from '../../support/stores.ts';

/** Sluice over an empty store, in which one may publish. */
export interface Publishable extends AsyncDisposable, RunningSluice {
  readonly store: Store;
  readonly clients: Clients;
  /** The folder in which packages are received. */
  readonly receiving: string;
  /** What lies there; nothing when nobody publishes. */
  readonly received: () => Promise<string[]>;
}

export const startPublishable = async (
  env: Environment = {},
  kind: StoreKind = aFolder,
): Promise<Publishable> => {
  await using stack = new AsyncDisposableStack();
  const { url, env: storeEnv } = stack.use(await kind.open());
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
