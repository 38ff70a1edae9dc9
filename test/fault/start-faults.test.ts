import assert from 'node:assert/strict';
import { rm } from 'node:fs/promises';
import { test } from 'node:test';
import { connect, unary } from '../support/clients.ts';
import { startProcess } from '../support/process.ts';
import { startGateway, startRuntime } from '../support/sluice.ts';
import { temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';
import { askInfer, askPredict } from './support/ask.ts';
import { echoModel } from './support/models.ts';
import { occupiedPort } from './support/ports.ts';
import { endOf } from './support/within.ts';

const listed = async (address: string): Promise<string[]> => {
  using clients = connect(address);
  const { models } = await unary<{ models: { name: string }[] }>((done) =>
    clients.model.ListModels({}, done),
  );
  return models.map(({ name }) => name);
};

for (const [name, main, variable] of [
  ['model-runtime', 'model-runtime/main.ts', 'GRPC_PORT'],
  ['model-runtime', 'model-runtime/main.ts', 'METRICS_PORT'],
  ['gateway', 'gateway/main.ts', 'GRPC_PORT'],
  ['gateway', 'gateway/main.ts', 'METRICS_PORT'],
  ['gateway', 'gateway/main.ts', 'HTTP_PORT'],
  ['gateway', 'gateway/main.ts', 'LINK_PORT'],
] as const) {
  test(`${name} whose ${variable} is in use says which and exits 69`, async () => {
    using other = await occupiedPort();
    const free = { GRPC_PORT: '0', METRICS_PORT: '0', HTTP_PORT: '0', LINK_PORT: '0', RECORDS: 'false' };
    await using running = startProcess(main, { ...free, [variable]: String(other.port) });
    assert.equal(await endOf(running), 69);
    const fatal = running.lines.find(({ level }) => level === 'fatal');
    assert.match(
      String(fatal?.['msg']),
      new RegExp(`cannot start: .*EADDRINUSE.*127\\.0\\.0\\.1:${other.port}`),
    );
  });
}

test('without a store folder both start and list nothing; a model that appears is found, and answers', async () => {
  await using store = await temporaryStore();
  await rm(store.folder, { recursive: true });
  await using runtime = await startRuntime(store.url);
  await using gateway = await startGateway([runtime.grpc], store.url);
  using clients = connect(gateway.grpc);
  assert.deepEqual(await listed(gateway.grpc), []);
  assert.equal((await askPredict(clients)).code, 'MODEL_NOT_FOUND');

  await store.put('echo/1/model.onnx', echoModel());
  await waitFor('the gateway to find the model', async () => (await listed(gateway.grpc)).includes('echo'));
  assert.deepEqual([(await askPredict(clients)).code, (await askInfer(clients)).code], ['OK', 'OK']);
});
