import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import type { ReleaseIndex, UpstreamRelease } from '../core/served-release.ts';
import { served } from '../testing/calls.ts';
import { silentLog, testLimits, testServer, upstreamRelease } from '../testing/upstreams.ts';
import { loadModel, unloadModel } from './repository.ts';
import { Upstreams } from './upstreams.ts';

const indexOf = (...releases: (UpstreamRelease | undefined)[]): ReleaseIndex =>
  new Map([
    ['m', releases.map((release) => ({ version: release?.version ?? '9.0.0', served: served(release) }))],
  ]);

const elsewhere = upstreamRelease({
  version: '2.0.0',
  upstream: { ...upstreamRelease().upstream, url: 'grpc://near:2', address: 'near:2' },
});

const opened = async (t: TestContext, first: ReleaseIndex) => {
  const { store, put } = await temporaryStore(t);
  const opens: string[] = [];
  const closes: string[] = [];
  const client = testServer();
  let index = first;
  const upstreams = new Upstreams({
    store,
    index: () => index,
    openClient: (address) => {
      opens.push(address);
      return { ...client, modelReady: () => client.ready(), [Symbol.dispose]: () => closes.push(address) };
    },
    log: silentLog(),
    limits: testLimits,
  });
  t.after(() => upstreams[Symbol.asyncDispose]());
  const read = (next: ReleaseIndex): void => {
    index = next;
    upstreams.follow();
  };
  return { upstreams, opens, closes, client, read, put, index: () => index };
};

test('every server that a release names is opened once, whatever else the store holds', async (t) => {
  const again = upstreamRelease({ version: '3.0.0' });
  const { upstreams, opens } = await opened(t, indexOf(upstreamRelease(), again, elsewhere, undefined));
  assert.deepEqual(opens, ['far:1', 'near:2']);
  assert.deepEqual(
    upstreams.all().map(({ address, releases }) => [address, releases.length]),
    [
      ['grpc://far:1', 2],
      ['grpc://near:2', 1],
    ],
  );
});

test('a server that no release names any more is closed', async (t) => {
  const { upstreams, closes, read } = await opened(t, indexOf(upstreamRelease(), elsewhere));
  read(indexOf(elsewhere));
  await Promise.all(upstreams.all().map((server) => server.check(elsewhere)));
  assert.deepEqual(closes, ['far:1']);
});

test('a store that was read again changes nothing', async (t) => {
  const { upstreams, opens, closes, read } = await opened(t, indexOf(upstreamRelease()));
  const [watch] = upstreams.all()[0]?.releases ?? [];
  read(indexOf(upstreamRelease()));
  assert.equal(upstreams.all()[0]?.releases[0], watch);
  assert.deepEqual([opens, closes], [['far:1'], []]);
});

test('golden cases come from the store', async (t) => {
  const { upstreams, put } = await opened(t, new Map());
  await put('m/1.0.0/golden.jsonl', '{"name":"forty","features":{"age":40},"outputs":{"p":0.5}}');
  const server = upstreams.of(upstreamRelease());
  server.hold(upstreamRelease());
  const { state, reason } = await server.check(upstreamRelease());
  assert.equal(state, 'UNAVAILABLE');
  assert.match(reason, /forty/);
});

test('loading by hand looks at other servers, and asks the runtimes where they have a part', async (t) => {
  const { upstreams, index, client, read } = await opened(t, indexOf(upstreamRelease()));
  const asked: string[] = [];
  const inRuntimes = async (model: string): Promise<void> => void asked.push(model);
  await loadModel({ index, upstreams, inRuntimes }, 'm');
  assert.deepEqual(asked, []);
  client.ready = async () => false;
  await assert.rejects(loadModel({ index, upstreams, inRuntimes }, 'm'), {
    code: 'RELEASE_UNAVAILABLE',
    message: "failed to load m: 1.0.0: grpc://far:1: says that 'theirs' is not ready",
  });
  client.ready = async () => true;
  read(indexOf(upstreamRelease(), undefined));
  await loadModel({ index, upstreams, inRuntimes }, 'm');
  await loadModel({ index, upstreams, inRuntimes }, 'unknown');
  assert.deepEqual(asked, ['m', 'unknown']);
});

test('what only other servers compute is theirs to unload', async (t) => {
  const { index, read } = await opened(t, indexOf(upstreamRelease()));
  const asked: string[] = [];
  const inRuntimes = async (model: string): Promise<void> => void asked.push(model);
  await assert.rejects(unloadModel({ index, inRuntimes }, 'm'), { code: 'UNIMPLEMENTED', message: /far:1/ });
  read(indexOf(upstreamRelease(), undefined));
  await unloadModel({ index, inRuntimes }, 'm');
  assert.deepEqual(asked, ['m']);
});
