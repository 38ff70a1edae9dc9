import assert from 'node:assert/strict';
import { test } from 'node:test';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { startProcess } from '../support/process.ts';
import { startGateway } from '../support/sluice.ts';
import { temporaryStore } from '../support/store.ts';

/** Enough to be loading for a while after the runtime listens. */
const releases = 200;

test('a gateway is ready only when its runtime has loaded what it was told to', async () => {
  const model = identityModel([{ datatype: 'FP32', shape: ['N', 4] }]);
  const files = Array.from({ length: releases }, (_, index) => [`m${index}/1/model.onnx`, model]);
  await using store = await temporaryStore(Object.fromEntries(files));
  const ports = { GRPC_PORT: '0', METRICS_PORT: '0' };
  await using runtime = startProcess('model-runtime/main.ts', { STORE_URL: store.url, ...ports });
  const { grpc, metrics } = await runtime.line('listening', 60_000);
  assert.equal((await fetch(`http://${String(metrics)}/readyz`)).status, 503);
  await using gateway = await startGateway([String(grpc)], store.url);
  assert.equal((await fetch(`http://${String(metrics)}/readyz`)).status, 200);
  const { models } = (await (await fetch(`${gateway.http}/v2/models`)).json()) as { models: string[] };
  assert.equal(models.length, releases);
});
