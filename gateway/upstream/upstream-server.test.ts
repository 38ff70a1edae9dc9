import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { RuntimeLost } from '../core/runtime.ts';
import {
  goldenCase,
  openUpstream,
  outputOf,
  testServer,
  upstreamRelease,
  upstreamRequest,
} from '../testing/upstreams.ts';

const release = upstreamRelease();
const other = upstreamRelease({ version: '2.0.0', digest: 'sha256:2' });
const { signal } = new AbortController();
const failing = (error: Error) => async (): Promise<never> => {
  throw error;
};
const lost = new SluiceError('RUNTIME_LOST', 'connection refused');

/** A server that holds the test release, looked at once. */
const opened = async (golden = [goldenCase]) => {
  const client = testServer();
  const server = openUpstream(client, golden);
  server.hold(release);
  await server.check(release);
  const stateOf = () => server.held(release)?.state;
  const reasonOf = () => server.held(release)?.reason ?? '';
  return { client, server, stateOf, reasonOf };
};

test('it holds the releases that it was given, under their digests, and no others', async () => {
  const { server, stateOf } = await opened();
  assert.equal(stateOf(), 'READY');
  assert.equal(server.held(release)?.digest, 'sha256:1');
  assert.equal(server.held(other), undefined);
  assert.equal(server.available, true);
  server.drop(release);
  assert.equal(server.held(release), undefined);
});

test('a release is loading until it was looked at', () => {
  const client = testServer();
  client.ready = () => new Promise(() => undefined);
  const server = openUpstream(client);
  server.hold(release);
  assert.equal(server.held(release)?.state, 'LOADING');
  assert.equal(server.available, false);
});

test('other bytes under the same name are looked at anew', async () => {
  const { server } = await opened();
  server.hold({ ...release, digest: 'sha256:3' });
  assert.equal(server.held(release)?.digest, 'sha256:3');
  assert.equal(server.held(release)?.state, 'LOADING');
});

test('a golden case that comes out otherwise is the reason, and mends itself when it is right', async () => {
  const { client, server, stateOf, reasonOf } = await opened();
  client.answer = async () => ({ version: '', outputs: [outputOf(0.5)] });
  await server.check(release);
  assert.equal(stateOf(), 'UNAVAILABLE');
  assert.match(reasonOf(), /golden case 'forty': p: expected 0\.75, got 0\.5/);
  client.answer = async () => ({ version: '', outputs: [outputOf(0.75)] });
  await server.check(release);
  assert.equal(stateOf(), 'READY');
});

test('three golden cases are run, and without any the word of the server is enough', async () => {
  const five = await opened(Array.from({ length: 5 }, () => goldenCase));
  const asked = five.client.asked;
  await five.server.check(release);
  assert.equal(five.client.asked, asked + 3);
  const none = await opened([]);
  assert.deepEqual([none.stateOf(), none.client.asked], ['READY', 0]);
});

test('a server that is busy with a golden case does not lose a release that answered rightly before', async () => {
  const { client, server, stateOf } = await opened();
  client.answer = failing(new SluiceError('QUEUE_FULL', 'too many'));
  await server.check(release);
  assert.equal(stateOf(), 'READY');
  client.ready = async () => false;
  await server.check(release);
  client.ready = async () => true;
  await server.check(release);
  assert.match(server.held(release)?.reason ?? '', /says: too many/);
});

for (const [what, error, isAway] of [
  ['cannot be reached', lost, true],
  ['leaves the question unanswered', new SluiceError('DEADLINE_EXCEEDED', 'the deadline passed'), true],
  ['answers the question with an error', new SluiceError('COMPUTE_FAILED', 'no such model'), false],
] as const) {
  test(`a server that ${what} is ${isAway ? 'away' : 'there'}, and its release is not served`, async () => {
    const { client, server, stateOf, reasonOf } = await opened();
    client.ready = failing(error);
    await server.check(release);
    assert.equal(server.available, !isAway);
    assert.equal(stateOf(), 'UNAVAILABLE');
    assert.equal(reasonOf(), error.message);
  });
}

test('what a request loses is away for every release, until a look finds it again', async () => {
  const { client, server, stateOf } = await opened();
  server.hold(other);
  await server.check(other);
  client.answer = failing(lost);
  client.ready = failing(lost);
  await assert.rejects(server.infer(upstreamRequest(release), signal), RuntimeLost);
  assert.deepEqual(
    [stateOf(), server.held(other)?.state, server.available],
    ['UNAVAILABLE', 'UNAVAILABLE', false],
  );
  client.ready = async () => true;
  client.answer = testServer().answer;
  await server.check(release);
  assert.equal(stateOf(), 'READY');
});

test('a look that began before the server was lost says nothing any more', async () => {
  const { client, server, stateOf } = await opened();
  const { promise, resolve } = Promise.withResolvers<boolean>();
  client.ready = () => promise;
  const looking = server.check(release);
  client.answer = failing(lost);
  await assert.rejects(server.infer(upstreamRequest(release), signal), RuntimeLost);
  client.answer = testServer().answer;
  client.ready = failing(lost);
  resolve(true);
  await looking;
  assert.equal(stateOf(), 'UNAVAILABLE');
});

test('an answer that does not fit the signature fails the request and runs the golden cases again', async () => {
  const { client, server } = await opened();
  client.answer = async () => ({ version: '', outputs: [outputOf(1, 2)] });
  await assert.rejects(server.infer(upstreamRequest(release), signal), {
    code: 'COMPUTE_FAILED',
    message:
      "grpc://far:1 gave an answer that does not fit the release's signature: outputs.y.shape: expected 1 rows, got 2",
  });
});

test('no more calls are under way than may be', async () => {
  const { client, server } = await opened();
  const { promise, resolve } = Promise.withResolvers<void>();
  const answer = client.answer;
  client.answer = () => promise.then(answer);
  const under = [1, 2].map(() => server.infer(upstreamRequest(release), signal));
  assert.equal(server.inFlight, 2);
  await assert.rejects(server.infer(upstreamRequest(release), signal), { code: 'QUEUE_FULL' });
  resolve();
  await Promise.all(under);
  assert.equal(server.inFlight, 0);
});

test('the least round trip counts as computing, what is beyond it as waiting', async () => {
  const { client, server } = await opened();
  const first = await server.infer(upstreamRequest(release), signal);
  assert.equal(first.timings.queueUs, 0);
  const answer = client.answer;
  const { computeInferUs } = first.timings;
  client.answer = async () => {
    const until = performance.now() + computeInferUs / 1000 + 2;
    while (performance.now() < until);
    return answer();
  };
  const second = await server.infer(upstreamRequest(release), signal);
  assert.ok(second.timings.queueUs >= 2_000);
  assert.ok(second.timings.computeInferUs <= computeInferUs);
});
