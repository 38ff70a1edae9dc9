import assert from 'node:assert/strict';
import { execFileSync } from 'node:child_process';
import { readdir, rename, rm, writeFile } from 'node:fs/promises';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { skipS3, startS3 } from '@sluice/kernel/testing/s3-server';
import { adminEnv, type PackageFolder, publish } from '../support/publishing.ts';
import { startGateway, startRuntime } from '../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';
import { askPredict } from './support/ask.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { largePackage, wholeReleases } from './support/publishing.ts';

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

/** The first ones are left alone, to see how long one takes. */
const undisturbed = 2;
const rounds = 10;

test('an S3 server that is killed in the middle of publications has each release wholly or not at all', {
  skip: skipS3,
}, async (t) => {
  await using stack = new AsyncDisposableStack();
  const s3 = stack.use(await startS3());
  const cache = stack.use(await temporaryStore());
  Object.assign(process.env, s3.env);
  const env = { ...s3.env, STORE_CACHE: cache.folder };
  const url = s3.newUrl();
  const runtime = stack.use(await startRuntime(url, env));
  const { grpc } = stack.use(await startGateway([runtime.grpc], url, { ...env, ...adminEnv }));
  const ends: string[] = [];
  let usualMs = 0;
  for (let round = 0; round < rounds; round += 1) {
    await using local = await largePackage(`1.0.${round}`);
    const startedAt = performance.now();
    const ended = publish(grpc, local).then(
      () => 'OK',
      (error: Error) => ('code' in error ? String(error.code) : error.message),
    );
    if (round >= undisturbed) {
      await pause((usualMs * (round - undisturbed)) / (rounds - undisturbed));
      await s3.kill();
    }
    ends.push(await ended);
    if (round < undisturbed) usualMs = performance.now() - startedAt;
    else await s3.restart();
    const whole = await waitFor('the store', () => wholeReleases(url, 'echo').catch(() => undefined));
    assert.ok(ends.at(-1) !== 'OK' || whole.has(`1.0.${round}`), 'what was acknowledged is there');
    assert.equal((await publish(grpc, local)).release?.digest, local.announced.digest);
  }
  t.diagnostic(ends.join(', '));
  assert.deepEqual(
    [...new Set(ends)].filter((end) => !['OK', 'STORE_UNAVAILABLE'].includes(end)),
    [],
  );
  assert.equal((await wholeReleases(url, 'echo')).size, rounds);
});
