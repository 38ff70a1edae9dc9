import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { expectAlive, type Fixture, startFixture } from './bad-input/fixture.ts';
import { behindSlowOne, untilPending, waiting } from './bad-input/occupied.ts';
import { bodyOf, pathOf, post } from './bad-input/rest-door.ts';
import { wireInfer } from './bad-input/wire.ts';

const request = { infer: waiting };
const message = wireInfer(waiting, 'one');

/** Each starts a request and answers how to cancel it; the cancelling resolves when the caller knows. */
const ways: Readonly<Record<string, (fixture: Fixture) => () => Promise<void>>> = {
  'over gRPC': ({ clients }) => {
    const { promise, resolve } = Promise.withResolvers<number | undefined>();
    const call = clients.inference.ModelInfer(message, (error) => resolve(error?.code));
    return async () => {
      call.cancel();
      assert.equal(await promise, status.CANCELLED);
    };
  },
  'over a gRPC stream': ({ clients }) => {
    const { promise, resolve } = Promise.withResolvers<number>();
    const stream = clients.inference.ModelStreamInfer();
    stream.on('data', () => assert.fail('answered')).on('error', () => undefined);
    stream.on('status', ({ code }) => resolve(code));
    stream.write(message);
    return async () => {
      stream.cancel();
      assert.equal(await promise, status.CANCELLED);
    };
  },
  'over REST': ({ sluice }) => {
    const abort = new AbortController();
    const answer = post(sluice.gateway.http, pathOf(request), bodyOf(request), abort.signal);
    answer.catch(() => undefined);
    return async () => {
      abort.abort();
      await assert.rejects(answer, { name: 'AbortError' });
    };
  },
};

suite('requests that are cancelled in the queue', () => {
  let fixture: Fixture;
  before(async () => {
    fixture = await startFixture();
  });
  after(() => fixture[Symbol.asyncDispose]());

  for (const [way, start] of Object.entries(ways)) {
    test(`they leave it and are not computed, ${way}`, async () => {
      const computed = await behindSlowOne(fixture, async () => {
        const cancel = start(fixture);
        await untilPending(fixture, 1);
        await cancel();
        await untilPending(fixture, 0);
      });
      assert.deepEqual(computed, { requests: 0, runs: 0, rows: 0 });
    });
  }

  test('after that the processes live and answer', () => expectAlive(fixture));
});
