import assert from 'node:assert/strict';
import { createReadStream } from 'node:fs';
import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { after, before, describe, test } from 'node:test';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Store, StoredFile } from '@sluice/kernel/store/store';
import { type S3Server, skipS3, startS3 } from '@sluice/kernel/testing/s3-server';
import { features } from '../support/churn.ts';
import { repository, startProcess } from '../support/process.ts';
import { type RunningGateway, type RunningRuntime, startGateway, startRuntime } from '../support/sluice.ts';
import { waitFor } from '../support/wait-for.ts';

/** Files of an example release, as whoever publishes it reads them. */
const filesOf = async (release: string): Promise<StoredFile[]> => {
  const folder = join(repository, 'models/store', release);
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  const files = entries
    .filter((entry) => entry.isFile())
    .map(({ parentPath, name }) => join(parentPath, name));
  return files.map((file) => ({ path: relative(folder, file), open: () => createReadStream(file) }));
};

describe('a gateway and a runtime over a store in S3', { skip: skipS3 }, () => {
  const stack = new AsyncDisposableStack();
  let s3: S3Server;
  let store: Store;
  let gateway: RunningGateway;
  let runtime: RunningRuntime;

  const publish = async (release: string): Promise<void> => {
    assert.equal(await store.createFolder(release, await filesOf(release)), true);
  };
  /** The releases that the gateway knows, as `churn 1.0.0`. */
  const known = async (): Promise<string[]> => {
    const answer = await fetch(`${gateway.http}/v2/repository/index`);
    const index = (await answer.json()) as { name: string; version: string }[];
    return index.map(({ name, version }) => `${name} ${version}`);
  };
  const ask = async (version: string): Promise<string> => {
    const answer = await fetch(`${gateway.http}/v1/models/churn/versions/${version}:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ features: features() }),
    });
    const { release } = (await answer.json()) as { release?: { version: string } };
    return release?.version ?? `${answer.status}`;
  };
  const storeAge = async (): Promise<number> => {
    const text = await (await fetch(`${gateway.metrics}/metrics`)).text();
    return Number(/^sluice_store_age_seconds\{.*\} (.*)$/m.exec(text)?.[1]);
  };

  before(async () => {
    s3 = stack.use(await startS3());
    Object.assign(process.env, s3.env);
    const cache = await mkdtemp(join(tmpdir(), 'sluice-cache-'));
    stack.defer(() => rm(cache, { recursive: true, force: true }));
    store = openStore(s3.newUrl());
    const env = { ...s3.env, STORE_CACHE: cache };
    await publish('churn/1.0.0');
    runtime = stack.use(await startRuntime(store.url, env));
    gateway = stack.use(await startGateway([runtime.grpc], store.url, env));
  });
  after(() => stack.disposeAsync());

  test('answers, and serves what is published while it runs', async () => {
    assert.equal(await ask('1.0.0'), '1.0.0');
    await publish('churn/1.1.0');
    await waitFor('the gateway to see it', async () => (await known()).includes('churn 1.1.0'));
    await fetch(`${gateway.http}/v2/repository/models/churn/load`, { method: 'POST' });
    assert.equal(await ask('1.1.0'), '1.1.0');
  });

  test('goes on without the store, says so once, and sees what is new when it is back', async () => {
    await waitFor('the store to be read', async () => (await storeAge()) < 5);
    await s3.kill();
    const said = await waitFor('the gateway to say so', () =>
      gateway.lines.find(({ msg }) => String(msg).startsWith('cannot read the store: ')),
    );
    assert.match(
      String(said['msg']),
      /^cannot read the store: s3:\/\/.* cannot be used: http:\/\/127\.0\.0\.1:\d+ does not answer: .*ECONNREFUSED/,
    );
    const before = await storeAge();
    await waitFor('the age to rise', async () => (await storeAge()) > before + 1);
    assert.equal(await ask('1.1.0'), '1.1.0');
    assert.ok((await fetch(`${gateway.http}/readyz`)).ok);
    const complaints = gateway.lines.filter(({ msg }) => String(msg).startsWith('cannot read the store'));
    assert.equal(complaints.length, 1);

    await s3.restart();
    await gateway.line('the store can be read again');
    await publish('house-price/1.0.0');
    await waitFor('the gateway to see it', async () => (await known()).includes('house-price 1.0.0'));
    await waitFor('the age to fall', async () => (await storeAge()) < 5);
  });

  test('a process that cannot reach the store when it starts says why, and ends', async () => {
    const url = 's3://no-such-bucket/prefix';
    for (const main of ['gateway/main.ts', 'model-runtime/main.ts']) {
      await using running = startProcess(main, {
        ...s3.env,
        STORE_URL: url,
        GRPC_PORT: '0',
        METRICS_PORT: '0',
      });
      assert.equal(await running.exited, 70);
      const endpoint = s3.env['AWS_ENDPOINT_URL'];
      const why = `${url} cannot be used: there is no bucket no-such-bucket at ${endpoint}`;
      await waitFor('it to say why', () => running.lines.some(({ msg }) => msg === `cannot start: ${why}`));
    }
  });
});
