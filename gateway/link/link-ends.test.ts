import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import type { ScoreEntry } from '@sluice/protos/gen/sluice/gateway/v1/ScoreEntry';
import { answerOf, idOf, openDoor } from './testing/open-door.ts';

const declared = {
  layouts: [{ id: 1, numbers: ['age'] }],
  bindings: [{ id: 1, stream: 'ages', model: 'm' }],
};

const entry = (id: number, more: Partial<ScoreEntry> = {}): ScoreEntry => ({
  id,
  binding: 1,
  features: { layout: 1, numbers: [id] },
  predictionId: idOf(id),
  ...more,
});

test('the first frame announces the gateway, and so does each change of readiness', async (t) => {
  const { link, state } = await openDoor(t, {
    env: { LINK_MAX_IN_FLIGHT: '7', MAX_MESSAGE_BYTES: '100000' },
  });
  const scorer = link();
  const first = await scorer.announced(() => true);
  assert.deepEqual(first, {
    gateway: 'gateway-1',
    ready: true,
    draining: false,
    maxFrameBytes: 100_000,
    maxInFlight: 7,
    recordHeaders: [{ name: 'ce_source', value: Buffer.from('/sluice/gateways/gateway-1') }],
  });
  state.notReady = 'the runtimes are loading';
  await scorer.announced(({ ready }) => !ready);
});

test('more entries than were announced are answered OVERLOADED, and what is cancelled makes room', async (t) => {
  const { link, asked } = await openDoor(t, { env: { LINK_MAX_IN_FLIGHT: '2' } });
  const scorer = link();
  scorer.write({ ...declared, entries: [1, 2, 3, 4].map((id) => entry(id)) });
  const refused = await scorer.answersTo(3, 4);
  for (const { failure } of refused) {
    assert.equal(failure?.code, 'OVERLOADED');
    assert.match(failure.message, /2 entries in flight/);
    assert.ok(failure.retryAfterMs > 0);
  }
  scorer.write({ cancels: [1], entries: [entry(5)] });
  await eventually('the fifth', () => asked.length === 3);
  for (const each of asked) each.answer();
  await scorer.answersTo(2, 5);
  assert.ok(asked[0]?.call.scope.abort.signal.aborted);
});

test('what is cancelled is aborted and not answered; its number may be used again', async (t) => {
  const { link, asked } = await openDoor(t);
  const scorer = link();
  scorer.write({ ...declared, entries: [entry(1), entry(2)], cancels: [2, 99] });
  await eventually('the calls', () => asked.length === 2);
  assert.deepEqual(
    asked.map(({ call }) => call.scope.abort.signal.aborted),
    [false, true],
  );
  scorer.write({ cancels: [1], entries: [entry(1, { predictionId: idOf(7) })] });
  await eventually('the third call', () => asked.length === 3);
  asked[0]?.answer({ warnings: ['late'] });
  asked[2]?.answer({ warnings: ['its own'] });
  const [answer] = await scorer.answersTo(1);
  assert.deepEqual(answer?.warnings, ['its own']);
  scorer.end();
  assert.equal(await scorer.ended, 'OK');
  assert.deepEqual(
    scorer.answers.map(({ id }) => id),
    [1],
  );
});

test('an entry with the number of one in flight is refused, and that one is answered', async (t) => {
  const { link, asked } = await openDoor(t);
  const scorer = link();
  scorer.write({ ...declared, entries: [entry(1), entry(1)] });
  const [refused] = await scorer.answersTo(1);
  assert.equal(refused?.failure?.code, 'MALFORMED_REQUEST');
  asked[0]?.answer();
  await eventually('both answers', () => scorer.answers.length === 2);
  assert.deepEqual(scorer.answers[1]?.named, { p: 0.75 });
});

test('a link that breaks aborts what it had in flight, and hurts no other', async (t) => {
  const { link, asked, openLinks, reports, registry } = await openDoor(t);
  const [broken, other] = [link(), link()];
  for (const scorer of [broken, other]) {
    const report = { scorer: scorer === broken ? 'a' : 'b', streams: [{ name: 'ages', state: 'RUNNING' }] };
    scorer.write({ ...declared, entries: [entry(1), entry(2)], report });
    await scorer.announced(() => true);
  }
  await eventually('the calls', () => asked.length === 4);
  assert.deepEqual(
    reports
      .sharesOf('ages')
      .map(({ scorer }) => scorer)
      .sort(),
    ['a', 'b'],
  );
  assert.match(await registry.metrics(), /sluice_open_links\{.*\} 2\n/);
  assert.match(await registry.metrics(), /sluice_link_in_flight_events\{.*\} 4\n/);
  broken.cancel();
  const aborted = () => asked.filter(({ call }) => call.scope.abort.signal.aborted);
  await eventually('the abort', () => aborted().length === 2);
  await eventually('its end', () => openLinks.size === 1);
  assert.deepEqual(
    reports.sharesOf('ages').map(({ scorer }) => scorer),
    ['b'],
  );
  for (const each of asked) each.answer();
  await other.answersTo(1, 2);
});

test('a scorer that has said all gets its answers, then the link ends', async (t) => {
  const { link, asked } = await openDoor(t);
  const scorer = link();
  scorer.write({ ...declared, entries: [entry(1), entry(2)] });
  scorer.end();
  await eventually('the calls', () => asked.length === 2);
  for (const each of asked) each.answer();
  await scorer.answersTo(1, 2);
  assert.equal(await scorer.ended, 'OK');
});

test('a gateway that drains says so, takes nothing new, answers what it has, and ends the link', async (t) => {
  const { link, asked, draining } = await openDoor(t);
  const [scorer, idle] = [link(), link()];
  await idle.announced(() => true);
  scorer.write({ ...declared, entries: [entry(1)] });
  await eventually('the call', () => asked.length === 1);
  draining.abort();
  const announcement = await scorer.announced((each) => each.draining);
  assert.equal(announcement.ready, false);
  scorer.write({ entries: [entry(2)] });
  const [refused] = await scorer.answersTo(2);
  assert.equal(refused?.failure?.code, 'DRAINING');
  assert.equal(asked.length, 1);
  asked[0]?.answer();
  const [answer] = await scorer.answersTo(1);
  assert.deepEqual(answer?.named, { p: 0.75 });
  assert.deepEqual([await scorer.ended, await idle.ended], ['OK', 'OK']);
});

test('a frame that cannot be read ends its link with what is wrong, and no other', async (t) => {
  const { link } = await openDoor(t, { at: (call) => answerOf(call) });
  const [broken, other] = [link(() => Buffer.from([0x0a, 0xff])), link()];
  broken.write(declared);
  assert.match(await broken.ended, /^INVALID_ARGUMENT .*GatewayService\/Exchange/);
  other.write({ ...declared, entries: [entry(1)] });
  await other.answersTo(1);
});

test('a frame that is larger than announced ends its link, and no other', async (t) => {
  const { link } = await openDoor(t, { at: (call) => answerOf(call), env: { MAX_MESSAGE_BYTES: '10000' } });
  const [broken, other] = [link(), link()];
  broken.write({ ...declared, entries: [entry(1, { requestId: 'x'.repeat(20_000) })] });
  assert.match(await broken.ended, /^RESOURCE_EXHAUSTED/);
  other.write({ ...declared, entries: [entry(1)] });
  await other.answersTo(1);
});
