import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { freePort } from '@sluice/kernel/testing/free-port';
import type { Scored } from '../gateway-link.ts';
import { score } from '../testing/score.ts';
import { type FakeGateway, startFakeGateway, usual } from './testing/fake-gateway.ts';
import { binding, openLinks, request, until } from './testing/open-link.ts';

const entriesOf = ({ streams }: FakeGateway): number =>
  streams.reduce((sum, { entries }) => sum + entries.length, 0);

const answerAll = (gateway: FakeGateway): void => {
  gateway.onEntry = (stream, { id }) => stream.answer(id);
};

/** How a link may end while an event is under way on it. */
const ends: readonly (readonly [string, (gateway: FakeGateway) => void, RegExp])[] = [
  ['breaks off', (gateway) => gateway.stream?.break(), /is lost: 2 UNKNOWN: broken/],
  ['ends its side', (gateway) => gateway.stream?.end(), /is lost: the gateway ended the stream/],
  ['sends what is no frame', (gateway) => gateway.stream?.garble(), /is lost: 13 INTERNAL/],
];

for (const [what, end, message] of ends) {
  test(`a gateway that ${what} loses what it had, and gets events again over a new stream`, async (t) => {
    const gateway = await startFakeGateway(t);
    const lost: unknown[] = [];
    const hooks = { onLost: (...told: unknown[]) => lost.push(told) };
    const link = await openLinks(t, [gateway.address], { hooks });
    const model = link.bind(binding);
    const asked = [score(model, request()), score(model, request())];
    for (const each of asked) each.catch(() => undefined);
    await until('the entries', () => gateway.stream?.entries.length === 2);
    end(gateway);
    for (const each of asked) await assert.rejects(each, { code: 'GATEWAY_LOST', message, retryAfterMs: 0 });
    assert.deepEqual(lost, [[gateway.address, 2]]);
    answerAll(gateway);
    await score(model, request());
    const second = gateway.streams[1];
    assert.deepEqual([second?.bindings.length, second?.layouts.length], [1, 1], 'declared anew');
  });
}

test('a gateway that is killed is found again under its address', async (t) => {
  const port = await freePort();
  const first = await startFakeGateway(t, { port });
  const link = await openLinks(t, [first.address]);
  const model = link.bind(binding);
  const asked = score(model, request());
  asked.catch(() => undefined);
  await until('the entry', () => entriesOf(first) === 1);
  await first.kill();
  await assert.rejects(asked, { code: 'GATEWAY_LOST' });
  await until('the end', () => link.notReady() !== undefined);
  const waits = score(model, request());
  answerAll(await startFakeGateway(t, { port }));
  await waits;
});

test('what waits for gateways that are away, not ready or silent from the start fails at its deadline', async (t) => {
  const away = `127.0.0.1:${await freePort()}`;
  const unready = await startFakeGateway(t, { announcement: { ...usual, ready: false } });
  const mute = await startFakeGateway(t, { announcement: undefined });
  const link = await openLinks(t, [away, unready.address, mute.address], { usable: 0 });
  const reasons = `^no gateway is ready: ${away}: 14 UNAVAILABLE.*ECONNREFUSED.*; ${unready.address}: it is not ready; ${mute.address}: not connected yet$`;
  await until('the reasons', () => new RegExp(reasons).test(link.notReady() ?? ''));
  await assert.rejects(score(link.bind(binding), request({ deadlineMs: 10 })), {
    code: 'GATEWAY_UNAVAILABLE',
    message: /no gateway is ready/,
    retryAfterMs: 0,
  });
  const waits = score(link.bind(binding), request());
  assert.equal(link.waiting(), 1);
  answerAll(unready);
  unready.announce({ ready: true });
  await waits;
  assert.equal(link.notReady(), undefined);
});

test('a gateway that drains answers what it has and gets nothing new', async (t) => {
  const [draining, other] = [await startFakeGateway(t), await startFakeGateway(t)];
  const link = await openLinks(t, [draining.address, other.address]);
  const model = link.bind(binding);
  const asked = [score(model, request()), score(model, request())];
  await until('an entry each', () => entriesOf(draining) === 1 && entriesOf(other) === 1);
  draining.announce({ draining: true });
  await until('drained', () => link.links()[0]?.isReady === false);
  answerAll(other);
  other.stream?.answer(1);
  for (let more = 0; more < 5; more += 1) await score(model, request());
  assert.equal(entriesOf(draining), 1);
  assert.equal(draining.streams[0]?.isEnded, false);
  draining.stream?.answer(1);
  await Promise.all(asked);
  await until('our side has ended', () => draining.streams[0]?.isEnded === true);
});

test('a gateway that is silent past deadlines is left, and others get its events', async (t) => {
  const [silent, other] = [await startFakeGateway(t), await startFakeGateway(t)];
  const link = await openLinks(t, [silent.address, other.address]);
  const model = link.bind(binding);
  answerAll(other);
  const failures = new Set<string>();
  /** As a scorer does: tried again until it is scored. */
  const untilScored = async (): Promise<Scored> => {
    for (;;) {
      try {
        return await score(model, request({ deadlineMs: 50 }));
      } catch (error) {
        assert.ok(error instanceof SluiceError && error.meaning.retryable);
        failures.add(error.code);
      }
    }
  };
  const working = new AbortController();
  const work = async (): Promise<void> => {
    while (!working.signal.aborted) await untilScored();
  };
  const workers = [work(), work(), work()];
  await until('a new stream', () => silent.streams.length > 1);
  working.abort();
  await Promise.all(workers);
  assert.ok(failures.has('GATEWAY_LOST'));
  await until('the end of the old one', () => silent.streams[0]?.isEnded === true);
});

test('an event that the gateway alone has forgotten fails some time after its deadline, and is revoked', async (t) => {
  const gateway = await startFakeGateway(t);
  const link = await openLinks(t, [gateway.address]);
  const model = link.bind(binding);
  gateway.onEntry = (stream, { id, entityId }) => entityId === 'forgotten' || stream.answer(id);
  const working = new AbortController();
  const others = (async () => {
    while (!working.signal.aborted) await score(model, request()).catch(() => undefined);
  })();
  const forgotten = score(model, request({ entityId: 'forgotten', deadlineMs: 20 }));
  await assert.rejects(forgotten, ({ code }) => ['DEADLINE_EXCEEDED', 'GATEWAY_LOST'].includes(code));
  working.abort();
  await others;
  const [stream] = gateway.streams;
  const id = stream?.entries.find(({ entityId }) => entityId === 'forgotten')?.id ?? 0;
  // On a machine that stands still for long the whole link is left.
  await until('the cancel', () => stream?.cancels.includes(id) || stream?.isEnded === true);
  gateway.stream?.answer(id);
  await score(model, request());
});
