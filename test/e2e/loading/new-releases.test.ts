import assert from 'node:assert/strict';
import { rename } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { stringify } from 'yaml';
import { echoModel } from '../../fault/support/models.ts';
import { type Answered, askVersion } from '../../support/ask-version.ts';
import { type Clients, connect } from '../../support/clients.ts';
import { startSluice } from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';

const inFlight = 64;
/** Answers that are awaited before and after. */
const some = 500;

/** Keeps so many requests for the default under way, until it is stopped. */
const startAsking = (clients: Clients) => {
  const answers: Answered[] = [];
  let stopped = false;
  const caller = async (): Promise<void> => {
    while (!stopped) answers.push(await askVersion(clients, 'm'));
  };
  const callers = Array.from({ length: inFlight }, caller);
  const stop = async (): Promise<void> => {
    stopped = true;
    await Promise.all(callers);
  };
  return { answers, stop, [Symbol.asyncDispose]: stop };
};

const revision = (number: number, settings: object): [path: string, text: string] => [
  `_revisions/${String(number).padStart(6, '0')}.yaml`,
  stringify({ revision: number, when: '2026-11-21T09:00:00.000Z', models: { m: settings } }),
];

test('a release that comes into the store while 64 requests are under way appears without an error', async () => {
  await using store = await temporaryStore({ 'm/1/model.onnx': echoModel() });
  await using sluice = await startSluice({ store: store.url, runtimes: 2 });
  using clients = connect(sluice.gateway.grpc);
  await using asking = startAsking(clients);
  await waitFor('answers', () => asking.answers.length > some);
  await store.put('m/2/model.onnx', echoModel());
  const count = (version: string): number =>
    asking.answers.filter((answer) => answer.version === version).length;
  await waitFor('answers of the new one', () => count('2') > some);
  await asking.stop();
  assert.deepEqual(
    asking.answers.filter(({ code }) => code !== 'OK'),
    [],
  );
});

test('the default moves to a release that is not loaded, and back, without an error', async () => {
  await using store = await temporaryStore({ 'm/1/model.onnx': echoModel(), 'm/2/model.onnx': echoModel() });
  await store.put(...revision(1, { default: '1' }));
  await using sluice = await startSluice({ store: store.url });
  using clients = connect(sluice.gateway.grpc);
  await using asking = startAsking(clients);
  for (const [number, version] of [
    [2, '2'],
    [3, '1'],
    [4, '2'],
  ] as const) {
    await store.put(...revision(number, { default: version }));
    await waitFor(`answers of ${version}`, () => asking.answers.at(-1)?.version === version);
  }
  await asking.stop();
  assert.deepEqual([...new Set(asking.answers.map(({ code }) => code))], ['OK']);
});

test('a broken new version leaves the old one serving, and is refused by name with its reason', async () => {
  await using store = await temporaryStore({ 'm/1/model.onnx': echoModel() });
  await store.put(...revision(1, { default: '1', preload: ['2', '3'] }));
  await using sluice = await startSluice({ store: store.url });
  using clients = connect(sluice.gateway.grpc);
  await using asking = startAsking(clients);
  await store.put('m/2/model.onnx', 'no model');
  // Both files at once: a release that is seen is not looked at again.
  await store.put('.next/model.onnx', echoModel());
  await store.put('.next/golden.jsonl', '{');
  await rename(join(store.folder, '.next'), join(store.folder, 'm/3'));
  const refusals = new Map([
    ['2', /is not an ONNX model/],
    ['3', /golden\.jsonl:1/],
  ]);
  for (const [version, reason] of refusals)
    await waitFor(`the refusal of ${version}`, async () => {
      const { code, message } = await askVersion(clients, 'm', version);
      return code === 'RELEASE_UNAVAILABLE' && reason.test(message);
    });
  const before = asking.answers.length;
  await waitFor('more answers', () => asking.answers.length > before + some);
  await asking.stop();
  assert.deepEqual([...new Set(asking.answers.map(({ version }) => version))], ['1']);
});
