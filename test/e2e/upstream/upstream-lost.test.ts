import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { identityModel, onnxModel } from '@sluice/kernel/testing/onnx-model';
import { waitFor } from '../../support/wait-for.ts';
import { metricValue } from '../bad-input/metrics.ts';
import { echo, infer, refused, slow } from './ask.ts';
import { startUpstream, type UpstreamFixture } from './fixture.ts';

/** As many rows, but each one's negative. */
const negating = onnxModel({
  inputs: [{ name: 'x0', datatype: 'FP32', shape: ['N', 1] }],
  outputs: [{ name: 'y0', datatype: 'FP32', shape: ['N', 1] }],
  nodes: [{ op: 'Neg', inputs: ['x0'], outputs: ['y0'] }],
});
const echoing = identityModel([{ datatype: 'FP32', shape: ['N', 1] }]);

describe('another server that dies and comes back', () => {
  let fixture: UpstreamFixture;
  const stack = new AsyncDisposableStack();

  before(async () => {
    fixture = stack.use(await startUpstream({ UPSTREAM_SILENCE_MS: '2000' }));
    for (const model of ['far', 'far-slow']) await fixture.until(model, true);
  });
  after(() => stack.disposeAsync());

  test('what it held is lost with a retry hint, what comes then is refused with one', async () => {
    const underWay = refused(fixture.clients, slow(2048));
    await waitFor('the request to be there', async () => {
      const labels = { runtime: fixture.url };
      return (await metricValue(fixture.gateway.metrics, 'sluice_runtime_in_flight_requests', labels)) === 1;
    });
    await fixture.kill();
    const lost = await underWay;
    assert.equal(lost.code, 'RUNTIME_LOST');
    assert.match(lost.message, /^grpc:.* was lost while it computed far-slow 1\.0\.0: /);
    assert.equal(lost.retryAfterMs, 1_000);
    const away = await refused(fixture.clients, echo('far', 1));
    assert.equal(away.code, 'RELEASE_UNAVAILABLE');
    assert.match(away.message, /far 1\.0\.0 is not available: grpc:.* is not reachable/);
    assert.equal(away.retryAfterMs, 1_000);
    assert.deepEqual(await infer(fixture.clients, echo('near', 3)), [3]);
  });

  test('it is served again when it is back and its golden cases come out', async () => {
    await fixture.start();
    await fixture.until('far', true);
    assert.deepEqual(await infer(fixture.clients, echo('far', 8)), [8]);
  });

  test('one that answers nothing any more is away after a while, and served again when it does', async () => {
    fixture.other.signal('SIGSTOP');
    await fixture.until('far', false);
    assert.match(await fixture.reasonOf('far'), /grpc:.* is not reachable/);
    fixture.other.signal('SIGCONT');
    await fixture.until('far', true);
  });

  test('it is not served when it comes back with another model under the same name', async () => {
    await fixture.kill();
    await fixture.otherStore.put('echo/1/model.onnx', negating);
    await fixture.until('far', false);
    await fixture.start();
    await fixture.until('loose', true);
    await waitFor('the golden case to be wrong', async () =>
      /golden case 'an echo': y0: expected/.test(await fixture.reasonOf('far')),
    );
    assert.equal((await refused(fixture.clients, echo('far', 1))).code, 'RELEASE_UNAVAILABLE');
    await fixture.kill();
    await fixture.otherStore.put('echo/1/model.onnx', echoing);
    await fixture.start();
    await fixture.until('far', true);
  });
});
