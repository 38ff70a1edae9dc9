import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { adminEnv, type PackageFolder, publish } from '../support/publishing.ts';
import { startGateway, startRuntime } from '../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../support/store.ts';
import { askPredict } from './support/ask.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { largePackage } from './support/publishing.ts';

const start = (receiving: TemporaryStore): Promise<Cluster> =>
  startCluster({ runtimes: 1, env: { ...adminEnv, PUBLISH_FOLDER: receiving.folder } });

const refused = async (address: string, local: PackageFolder): Promise<string> => {
  const error = await publish(address, local).then(
    () => assert.fail('it was published'),
    (thrown: unknown) => thrown,
  );
  assert.ok(error instanceof Error && 'code' in error && error.code === 'STORE_UNAVAILABLE', String(error));
  return error.message;
};

test('a store that is away refuses a publication, goes on serving, and takes it when it is back', async () => {
  await using receiving = await temporaryStore();
  await using cluster = await start(receiving);
  await using local = await largePackage('2.0.0');
  const { folder } = cluster.store;
  await rename(folder, `${folder}-away`);
  await writeFile(folder, 'no folder any more');
  assert.match(await refused(cluster.gateway.grpc, local), /nothing was published: ENOTDIR/);
  assert.deepEqual(await readdir(receiving.folder), []);

  await rm(folder);
  await rename(`${folder}-away`, folder);
  assert.equal((await publish(cluster.gateway.grpc, local)).state, 'RELEASE_STATE_READY');
  assert.equal((await askPredict(cluster.clients)).code, 'OK');
});

test('a gateway that may not write as much as the package has refuses it, and leaves nothing', async () => {
  await using receiving = await temporaryStore();
  await using cluster = await start(receiving);
  await using local = await largePackage('2.0.0');
  const { pid, grpc } = cluster.gateway;
  const mebibyte = 2 ** 20;
  execFileSync('prlimit', [`--pid=${pid}`, `--fsize=${mebibyte}:`]);
  assert.match(await refused(grpc, local), /nothing was published: EFBIG/);
  assert.deepEqual(await readdir(receiving.folder), []);
  assert.deepEqual(await readdir(`${cluster.store.folder}/echo`), ['1']);

  execFileSync('prlimit', [`--pid=${pid}`, '--fsize=unlimited:']);
  assert.equal((await publish(grpc, local)).state, 'RELEASE_STATE_READY');
});

/** A file system of its own that is soon full; undefined: this user may not mount one. */
const smallDisk = async (): Promise<TemporaryStore | undefined> => {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await temporaryStore());
  try {
    execFileSync('mount', ['-t', 'tmpfs', '-o', 'size=3m', 'tmpfs', store.folder], { stdio: 'ignore' });
  } catch {
    return undefined;
  }
  stack.defer(() => void execFileSync('umount', [store.folder]));
  const owned = stack.move();
  return { ...store, [Symbol.asyncDispose]: () => owned.disposeAsync() };
};

test('a store whose disk becomes full refuses a publication, and holds nothing of it', async (t) => {
  await using store = await smallDisk();
  if (store === undefined) return t.skip('only who may mount a file system can fill one');
  await using runtime = await startRuntime(store.url);
  await using gateway = await startGateway([runtime.grpc], store.url, adminEnv);
  await using first = await largePackage('1.0.0');
  await using second = await largePackage('2.0.0');
  assert.equal((await publish(gateway.grpc, first)).state, 'RELEASE_STATE_READY');
  assert.match(await refused(gateway.grpc, second), /cannot be written: the disk is full/);
  assert.deepEqual(await readdir(`${store.folder}/echo`), ['1.0.0']);
  assert.deepEqual(await readdir(`${store.folder}/.staging`), []);
});
