import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { freeBlock } from '@sluice/kernel/testing/free-port';
import { adminEnv, type PackageFolder, publish } from '../support/publishing.ts';
import { type RunningGateway, startGateway } from '../support/sluice.ts';
import { temporaryStore } from '../support/store.ts';
import { bothStores, type StoreKind } from '../support/stores.ts';
import { placeOf, startCluster } from './support/cluster.ts';
import { largePackage, startPublisher, strangersIn, wholeReleases } from './support/publishing.ts';
import { randomFrom } from './support/random.ts';

const publications = 50;
/** Of the time that a whole publication takes: before that the command is still starting. */
const [earliest, latest] = [0.4, 1.1];
const victims = ['publisher', 'gateway', 'runtime'] as const;

const kill50 = async (t: TestContext, kind: StoreKind): Promise<void> => {
  const seed = Date.now() % 1_000_000;
  const random = randomFrom(seed);
  t.diagnostic(`seed ${seed}`);
  await using stack = new AsyncDisposableStack();
  const receiving = stack.use(await temporaryStore());
  const cluster = stack.use(await startCluster({ runtimes: 1, kind }));
  const first = await freeBlock([0, 1, 2]);
  const env = {
    ...cluster.store.env,
    ...adminEnv,
    PUBLISH_FOLDER: receiving.folder,
    HTTP_PORT: `${first}`,
    GRPC_PORT: `${first + 1}`,
    METRICS_PORT: `${first + 2}`,
  };
  const place = placeOf(cluster, 0);
  const launch = async (): Promise<RunningGateway> =>
    stack.use(await startGateway([place.address], cluster.store.url, env));
  let gateway = await launch();

  const kill: Record<(typeof victims)[number], (publisher: { kill(): void }) => Promise<void>> = {
    publisher: async (publisher) => publisher.kill(),
    gateway: async () => {
      gateway.signal('SIGKILL');
      await gateway.exited;
      gateway = await launch();
    },
    runtime: async () => {
      await place.kill();
      await place.start();
    },
  };

  const packages: PackageFolder[] = [];
  for (let index = 0; index < publications; index += 1)
    packages.push(stack.use(await largePackage(`2.0.${index}`)));
  const [usual] = packages;
  assert.ok(usual);
  const startedAt = performance.now();
  assert.equal(await startPublisher(gateway.http, usual).ended, 0);
  const usualMs = performance.now() - startedAt;

  const acknowledged = new Map<string, string>();
  const ends = { done: 0, killed: 0, failed: 0 };
  for (const [index, local] of packages.entries()) {
    const publisher = startPublisher(gateway.http, local);
    await pause((earliest + random() * (latest - earliest)) * usualMs);
    await kill[victims[index % victims.length] ?? 'publisher'](publisher);
    const code = await publisher.ended;
    ends[code === 0 ? 'done' : code === undefined ? 'killed' : 'failed'] += 1;
    if (code === 0) acknowledged.set(local.announced.version ?? '', local.announced.digest);
  }

  const expected = new Map(packages.map(({ announced }) => [announced.version ?? '', announced.digest]));
  const found = await wholeReleases(cluster.store.url, 'echo');
  found.delete('1');
  t.diagnostic(`publishers: ${JSON.stringify(ends)}; releases in the store: ${found.size}`);
  for (const [version, digest] of found) assert.equal(digest, expected.get(version), version);
  for (const [version, digest] of acknowledged) assert.equal(found.get(version), digest, version);
  assert.deepEqual(await strangersIn(`${cluster.store.folder}/echo`), []);

  for (const local of packages)
    assert.equal((await publish(gateway.grpc, local)).state, 'RELEASE_STATE_READY', `seed ${seed}`);
  assert.equal((await wholeReleases(cluster.store.url, 'echo')).size, publications + 1);
};

for (const kind of bothStores)
  test(
    `publisher, gateway and runtime are killed at random moments of 50 publications into ${kind.name}: each release is whole or absent`,
    {
      skip: kind.skip,
    },
    (t) => kill50(t, kind),
  );
