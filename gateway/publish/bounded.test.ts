import assert from 'node:assert/strict';
import { mock, test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { bounded } from './bounded.ts';

const never = new AbortController().signal;
const collect = (messages: AsyncIterable<number>): Promise<number[]> => Array.fromAsync(messages);

async function* silentAfter(...numbers: number[]): AsyncGenerator<number> {
  yield* numbers;
  await new Promise(() => undefined);
}

test('messages in time pass', async () => {
  const messages = (async function* () {
    yield* [1, 2, 3];
  })();
  assert.deepEqual(
    await collect(bounded(messages, { silenceMs: 1_000, totalMs: 1_000, signal: never })),
    [1, 2, 3],
  );
});

for (const [what, bounds] of [
  ['a silence', { silenceMs: 10, totalMs: 100_000 }],
  ['all of them', { silenceMs: 100_000, totalMs: 10 }],
] as const)
  test(`${what} that takes too long is DEADLINE_EXCEEDED`, async () => {
    const messages = bounded(silentAfter(1), { ...bounds, signal: never });
    assert.deepEqual(await messages.next(), { value: 1, done: false });
    await assert.rejects(messages.next(), { code: 'DEADLINE_EXCEEDED', message: /within 10 ms/ });
  });

test('who gives up is told the reason, also when it was given up before', async () => {
  const stopped = new AbortController();
  const messages = bounded(silentAfter(), { silenceMs: 1e6, totalMs: 1e6, signal: stopped.signal });
  const next = messages.next();
  stopped.abort(new SluiceError('DRAINING', 'over'));
  await assert.rejects(next, { code: 'DRAINING' });
  const late = bounded(silentAfter(), { silenceMs: 1e6, totalMs: 1e6, signal: stopped.signal });
  await assert.rejects(late.next(), { code: 'DRAINING' });
});

test('who stops reading leaves no timer behind', async () => {
  mock.timers.enable({ apis: ['setTimeout'] });
  const messages = bounded(silentAfter(1), { silenceMs: 10, totalMs: 10, signal: never });
  await messages.next();
  await messages.return(undefined);
  mock.timers.tick(100);
  mock.timers.reset();
  assert.deepEqual(await messages.next(), { value: undefined, done: true });
});
