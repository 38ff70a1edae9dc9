import assert from 'node:assert/strict';
import { test } from 'node:test';
import { score } from '../testing/score.ts';
import { startFakeGateway, usual } from './testing/fake-gateway.ts';
import { binding, openLinks, request, until } from './testing/open-link.ts';

test('a gateway has no more under way than it takes, and the rest waits in order', async (t) => {
  const gateway = await startFakeGateway(t, { announcement: { ...usual, maxInFlight: 2 } });
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind(binding);
  const asked = ['a', 'b', 'c', 'd', 'e'].map((entityId) => score(model, request({ entityId })));
  await until('the first', () => gateway.stream?.entries.length === 2);
  assert.deepEqual([link.links()[0]?.inFlight, link.waiting()], [2, 3]);
  const late = score(model, request({ deadlineMs: 1 }));
  await assert.rejects(late, {
    code: 'GATEWAY_UNAVAILABLE',
    message: 'the gateways have as much under way as they take',
  });
  for (const id of [2, 1, 3, 4, 5]) {
    await until(`entry ${id}`, () => (gateway.stream?.entries.length ?? 0) >= id);
    gateway.stream?.answer(id);
  }
  await Promise.all(asked);
  assert.deepEqual(
    gateway.stream?.entries.map(({ entityId }) => entityId),
    ['a', 'b', 'c', 'd', 'e'],
  );
  assert.ok(gateway.stream?.frames.every(({ entries }) => entries.length <= 2));
});

test('events go to the gateway with the fewest under way', async (t) => {
  const gateways = [await startFakeGateway(t), await startFakeGateway(t), await startFakeGateway(t)];
  const sent: string[] = [];
  const link = await openLinks(
    t,
    gateways.map(({ address }) => address),
    { hooks: { onSent: (address) => sent.push(address) } },
  );
  const model = link.bind(binding);
  const asked = Array.from({ length: 30 }, () => score(model, request()));
  assert.deepEqual(
    link.links().map(({ inFlight }) => inFlight),
    [10, 10, 10],
  );
  await until('ten each', () => gateways.every(({ stream }) => stream?.entries.length === 10));
  for (let id = 1; id <= 10; id += 1) gateways[1]?.stream?.answer(id);
  await until('the answers', () => link.links()[1]?.inFlight === 0);
  asked.push(...Array.from({ length: 10 }, () => score(model, request())));
  assert.deepEqual(
    link.links().map(({ inFlight }) => inFlight),
    [10, 10, 10],
  );
  assert.equal(sent.filter((address) => address === gateways[1]?.address).length, 20);
  for (const { stream } of gateways) for (let id = 1; id <= 20; id += 1) stream?.answer(id);
  await until('ten more', () => gateways[1]?.stream?.entries.length === 20);
  for (let id = 11; id <= 20; id += 1) gateways[1]?.stream?.answer(id);
  await Promise.all(asked);
});

test('an event that is larger than any gateway receives fails at once, and frames keep within it', async (t) => {
  const gateway = await startFakeGateway(t, { announcement: { ...usual, maxFrameBytes: 20_000 } });
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind(binding);
  gateway.onEntry = (stream, { id }) => stream.answer(id);
  const text = (length: number) => request({ features: { text: 'x'.repeat(length) } });
  await assert.rejects(score(model, text(20_000)), {
    code: 'MESSAGE_TOO_LARGE',
    message: /^the event takes up to 2\d{4} bytes .* receives at most 20000 at once$/,
  });
  await Promise.all(Array.from({ length: 20 }, () => score(model, text(6_000))));
  const { frames = [] } = gateway.streams[0] ?? {};
  assert.deepEqual(
    frames.filter(({ entries }) => entries.length > 3),
    [],
  );
});

test('an event is kept for a gateway that receives more', async (t) => {
  const [small, large] = [
    await startFakeGateway(t, { announcement: { ...usual, maxFrameBytes: 1_000 } }),
    await startFakeGateway(t),
  ];
  const link = await openLinks(t, [small.address, large.address]);
  large.onEntry = (stream, { id }) => stream.answer(id);
  const model = link.bind(binding);
  for (let time = 0; time < 4; time += 1)
    await score(model, request({ features: { text: 'x'.repeat(2_000) } }));
  assert.deepEqual(small.stream?.entries, []);
});

test('disposing of a bound model cancels what is under way for it, and for no other', async (t) => {
  const gateway = await startFakeGateway(t, { announcement: { ...usual, maxInFlight: 2 } });
  const link = await openLinks(t, [gateway.address]);
  const [model, other] = [link.bind(binding), link.bind(binding)];
  const asked = [score(model, request()), score(other, request()), score(model, request())];
  const [sent, stays, waits] = asked;
  const cancelled = [sent, waits].map((each) =>
    assert.rejects(each ?? Promise.resolve(), { code: 'CANCELLED' }),
  );
  await until('both', () => gateway.stream?.entries.length === 2);
  model[Symbol.dispose]();
  await Promise.all(cancelled);
  await until('the cancel', () => gateway.stream?.cancels.length === 1);
  assert.deepEqual([gateway.stream?.cancels, link.waiting(), link.links()[0]?.inFlight], [[1], 0, 1]);
  await assert.rejects(score(model, request()), { code: 'CANCELLED' });
  for (const id of [1, 2]) gateway.stream?.answer(id);
  await stays;
});

test('closing the links cancels everything and leaves the gateways', async (t) => {
  const gateway = await startFakeGateway(t, { announcement: { ...usual, maxInFlight: 1 } });
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind(binding);
  const asked = [score(model, request()), score(model, request())];
  const cancelled = asked.map((each) => assert.rejects(each, { code: 'CANCELLED' }));
  await until('the entry', () => gateway.stream?.entries.length === 1);
  await link[Symbol.asyncDispose]();
  await Promise.all(cancelled);
  await assert.rejects(score(model, request()), { code: 'CANCELLED' });
  await until('the end', () => gateway.streams[0]?.isEnded === true);
  assert.equal(link.notReady(), `no gateway is ready: ${gateway.address}: closed`);
});
