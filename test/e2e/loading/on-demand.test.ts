import assert from 'node:assert/strict';
import { test } from 'node:test';
import { metricOf } from '../../fault/support/metrics.ts';
import { echoModel } from '../../fault/support/models.ts';
import { askVersion } from '../../support/ask-version.ts';
import { manifest } from '../../support/celled.ts';
import { connect } from '../../support/clients.ts';
import { type RunningSluice, startSluice } from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';

/** Versions 1 to `count` of a model. */
const versionsOf = (model: string, count: number) =>
  Object.fromEntries(
    Array.from({ length: count }, (_, index) => [`${model}/${index + 1}/model.onnx`, echoModel()]),
  );

/** What all runtimes count, together. */
const counted = async ({ runtimes }: RunningSluice, name: string, label = ''): Promise<number> => {
  const each = runtimes.map(({ metrics }) => metricOf(`http://${metrics}`, name, label));
  return (await Promise.all(each)).reduce((sum, value) => sum + value, 0);
};
const demanded = (sluice: RunningSluice): Promise<number> =>
  counted(sluice, 'sluice_runtime_loads_total', 'cause="demand",outcome="loaded"');
const left = (sluice: RunningSluice): Promise<number> =>
  counted(sluice, 'sluice_runtime_unloads_total', 'cause="room"');

test('a release that no runtime holds answers the first who ask for it, and they share one load', async () => {
  await using store = await temporaryStore(versionsOf('m', 2));
  await using sluice = await startSluice({ store: store.url, runtimes: 2 });
  using clients = connect(sluice.gateway.grpc);
  const answers = await Promise.all(Array.from({ length: 20 }, () => askVersion(clients, 'm', '1')));
  assert.deepEqual(new Set(answers.map(({ version }) => version)), new Set(['1']));
  assert.equal(await demanded(sluice), 1);
  assert.equal(await metricOf(sluice.gateway.metrics, 'sluice_load_wait_seconds_count'), 20);
});

test('what is on demand is ready for whoever asks, and says that it is not loaded', async () => {
  await using store = await temporaryStore(versionsOf('m', 2));
  await using sluice = await startSluice({ store: store.url });
  const { http } = sluice.gateway;
  assert.ok((await fetch(`${http}/v2/models/m/versions/1/ready`)).ok);
  const index = await (await fetch(`${http}/v2/repository/index`, { method: 'POST' })).json();
  assert.deepEqual(index, [
    { name: 'm', version: '2', state: 'READY', reason: '' },
    { name: 'm', version: '1', state: 'READY', reason: 'loaded when somebody asks for it' },
  ]);
  const { models } = (await (await fetch(`${http}/v1/models`)).json()) as {
    models: { releases: { state: string }[] }[];
  };
  assert.deepEqual(
    models[0]?.releases.map(({ state }) => state),
    ['RELEASE_STATE_READY', 'RELEASE_STATE_ON_DEMAND'],
  );
  assert.equal(await demanded(sluice), 0, 'nobody has asked for it');
});

test('the least recently used release leaves for another one, the default never does', async () => {
  await using store = await temporaryStore(versionsOf('m', 6));
  // Each of them takes little more than a mebibyte.
  const runtimeEnv = { MAX_LOADED_BYTES: String(3.5 * 2 ** 20) };
  await using sluice = await startSluice({ store: store.url, runtimeEnv });
  using clients = connect(sluice.gateway.grpc);
  for (const version of ['1', '2', '1', '3', '1', '', '4', '1', '5', ''])
    assert.equal((await askVersion(clients, 'm', version)).version, version || '6');
  // 1, 2, then 3 for 2, 4 for 3, 5 for 4.
  assert.deepEqual([await demanded(sluice), await left(sluice)], [5, 3]);
  assert.ok((await counted(sluice, 'sluice_runtime_loaded_bytes')) <= 3.5 * 2 ** 20);
});

test('more callers of more releases than there is room for are answered, or told to come back', async () => {
  await using store = await temporaryStore(versionsOf('m', 8));
  await using sluice = await startSluice({
    store: store.url,
    runtimeEnv: { MAX_LOADED_BYTES: String(3.5 * 2 ** 20) },
  });
  using clients = connect(sluice.gateway.grpc);
  const asked = Array.from({ length: 200 }, (_, index) => askVersion(clients, 'm', `${1 + (index % 8)}`));
  for (const { code, message, retryAfterMs } of await Promise.all(asked)) {
    if (code === 'OK') continue;
    assert.equal(code, 'RELEASE_UNAVAILABLE');
    assert.match(message, /no room for|loaded when somebody asks/);
    assert.equal(retryAfterMs, 1_000);
  }
});

test('a release in a cell is loaded on demand, and its cell ends when another one needs the place', async () => {
  const celled = (version: string) => ({
    [`m/${version}/model.onnx`]: echoModel(),
    [`m/${version}/sluice.yaml`]: manifest('m', { version, isolation: 'cell' }),
  });
  await using store = await temporaryStore({ ...versionsOf('m', 3), ...celled('1'), ...celled('2') });
  await using sluice = await startSluice({ store: store.url, runtimeEnv: { MAX_CELLS: '1' } });
  using clients = connect(sluice.gateway.grpc);
  for (const version of ['1', '2', '1'])
    assert.equal((await askVersion(clients, 'm', version)).version, version);
  assert.deepEqual([await demanded(sluice), await left(sluice)], [3, 2]);
});

test('what the runtime cannot hold is refused at once, with the reason and when to come back', async () => {
  await using store = await temporaryStore({ ...versionsOf('m', 2), 'n/1/model.onnx': echoModel() });
  await store.put('m/1/card.md', 'x'.repeat(3 * 2 ** 20));
  const runtimeEnv = { MAX_LOADED_BYTES: String(3 * 2 ** 20), LOAD_MODELS: 'm' };
  await using sluice = await startSluice({ store: store.url, runtimeEnv });
  using clients = connect(sluice.gateway.grpc);
  const large = await askVersion(clients, 'm', '1');
  assert.deepEqual([large.code, large.retryAfterMs], ['RELEASE_UNAVAILABLE', 1_000]);
  assert.match(
    large.message,
    /it takes 7\.0 MiB, more than all that may be loaded: 3\.0 MiB \(MAX_LOADED_BYTES\)/,
  );
  const other = await askVersion(clients, 'n');
  assert.deepEqual([other.code, other.retryAfterMs], ['RELEASE_UNAVAILABLE', 1_000]);
  assert.match(other.message, /does not hold it/);
});
