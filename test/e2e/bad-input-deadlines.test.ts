import assert from 'node:assert/strict';
import { connect as connectHttp2, type IncomingHttpHeaders } from 'node:http2';
import { after, before, suite, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { unary } from '../support/clients.ts';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { callError } from './bad-input/grpc-refusal.ts';
import { behindSlowOne, waiting } from './bad-input/occupied.ts';
import { pair } from './bad-input/requests.ts';
import { bodyOf, pathOf, post } from './bad-input/rest-door.ts';
import { doorNames } from './bad-input/row.ts';

/** Sends a call with a grpc-timeout that grpc-js would not send; the status that it ends with. */
const statusWithTimeout = (address: string, timeout: string): Promise<number> =>
  new Promise((resolve, reject) => {
    const session = connectHttp2(`http://${address}`).on('error', reject);
    const stream = session.request({
      ':method': 'POST',
      ':path': '/inference.GRPCInferenceService/ModelInfer',
      'content-type': 'application/grpc',
      te: 'trailers',
      'grpc-timeout': timeout,
    });
    const look = (headers: IncomingHttpHeaders): void => {
      if (headers['grpc-status'] === undefined) return;
      session.close();
      resolve(Number(headers['grpc-status']));
    };
    stream.on('response', look).on('trailers', look).on('error', reject).resume();
  });

suite('deadlines', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  test('a deadline in the past ends a call before it is sent, over gRPC', async () => {
    const call = unary((done) =>
      fixture.clients.inference.ModelReady({ name: 'pair' }, { deadline: Date.now() - 1000 }, done),
    );
    assert.equal(callError(await call.catch((error: unknown) => error)).code, status.DEADLINE_EXCEEDED);
  });

  test('a deadline that has passed when the call arrives ends it, over gRPC', async () => {
    const ended = await statusWithTimeout(fixture.sluice.gateway.grpc, '1n');
    assert.equal(ended, status.DEADLINE_EXCEEDED);
  });

  test('a deadline that has passed when the request arrives ends it, over REST', async () => {
    const { body, headers } = bodyOf(pair());
    const late = { body, headers: { ...headers, 'sluice-timeout-ms': '0' } };
    const outcome = await post(fixture.sluice.gateway.http, pathOf(pair()), late);
    assert.ok('refused' in outcome);
    assert.deepEqual([outcome.refused.code, outcome.refused.status], ['DEADLINE_EXCEEDED', 504]);
  });

  for (const door of doorNames) {
    test(`a request whose time runs out in the queue is not computed, at the door ${door}`, async () => {
      const late = { infer: { ...waiting, parameters: { timeout: 50_000 } } };
      const computed = await behindSlowOne(fixture, async () => {
        const outcome = await fixture.doors[door](late);
        assert.ok('refused' in outcome);
        assert.equal(outcome.refused.code, 'DEADLINE_EXCEEDED');
        assert.match(outcome.refused.message, /the deadline passed/);
      });
      assert.deepEqual(computed, { requests: 0, runs: 0, rows: 0 });
    });
  }

  test('after that the processes live and answer', () => expectAlive(fixture));
});
