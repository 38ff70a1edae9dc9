import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Answer, Call, TimedCall } from '../core/call.ts';
import { testCall, testScope } from '../testing/calls.ts';
import { deadline } from './deadline.ts';

const answer = {} as Answer;
const now = 1_000;

/** Sends a call that arrived at 1,000 ms through the layer, at that time unless said otherwise. */
const send = async (call: Partial<Call>, scope: { deadlineAt?: number } = {}, at = now) => {
  const seen: TimedCall[] = [];
  const layer = deadline({ defaultMs: 500, now: () => at });
  const whole = testCall({ ...call, scope: testScope({ arrivedAt: now, ...scope }) });
  const came = await layer(async (timed) => {
    seen.push(timed);
    return answer;
  })(whole);
  assert.equal(came, answer);
  return seen[0]?.dueAt;
};

const due: readonly [
  what: string,
  timeoutUs: number | undefined,
  deadlineAt: number | undefined,
  dueAt: number,
][] = [
  ['the default where there is none', undefined, undefined, 1_500],
  ["the caller's", undefined, 1_200, 1_200],
  ["the caller's, though it is later than the default", undefined, 9_000, 9_000],
  ["the request's own timeout", 100_000, undefined, 1_100],
  ['the earlier of the two', 100_000, 1_050, 1_050],
  ['the earlier of the two, the other way round', 10_000, 1_050, 1_010],
  ['the default before a longer timeout', 10_000_000, undefined, 1_500],
];

for (const [what, timeoutUs, deadlineAt, dueAt] of due) {
  test(`a call is due at ${what}`, async () => {
    assert.equal(await send({ timeoutUs }, deadlineAt === undefined ? {} : { deadlineAt }), dueAt);
  });
}

test('a deadline that has passed is refused before anything else happens', async () => {
  for (const deadlineAt of [now, now - 1])
    await assert.rejects(send({}, { deadlineAt }), {
      code: 'DEADLINE_EXCEEDED',
      message: /before the request arrived/,
    });
  await assert.rejects(send({ timeoutUs: 1 }, {}, now + 1), { code: 'DEADLINE_EXCEEDED' });
});

test('a call that is not answered in time is aborted with DEADLINE_EXCEEDED', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const call = testCall({ scope: testScope({ arrivedAt: now }) });
  const { signal } = call.scope.abort;
  const pending = Promise.withResolvers<Answer>();
  const answered = deadline({ defaultMs: 500, now: () => now })(() => pending.promise)(call);
  t.mock.timers.tick(499);
  assert.equal(signal.aborted, false);
  t.mock.timers.tick(1);
  assert.equal(signal.reason?.code, 'DEADLINE_EXCEEDED');
  pending.reject(signal.reason);
  await assert.rejects(answered, { code: 'DEADLINE_EXCEEDED' });
});

test('a call that was answered is not aborted afterwards', async (t) => {
  t.mock.timers.enable({ apis: ['setTimeout'] });
  const call = testCall({ scope: testScope({ arrivedAt: now }) });
  await deadline({ defaultMs: 500, now: () => now })(async () => answer)(call);
  t.mock.timers.tick(10_000);
  assert.equal(call.scope.abort.signal.aborted, false);
});

test('a deadline in the far future does not come at once', async (t) => {
  const delays: number[] = [];
  t.mock.method(globalThis, 'setTimeout', (_: () => void, ms: number) => {
    delays.push(ms);
    return undefined;
  });
  await send({}, { deadlineAt: now + 1e12 });
  assert.ok((delays[0] ?? 0) <= 2 ** 31 - 1, `${delays[0]} ms is more than a timer can wait`);
});
