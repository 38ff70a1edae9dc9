import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { TopicMessages } from '../event-log.ts';
import { message } from '../testing/messages.ts';
import { gatherSends } from './gather-sends.ts';

const batchOf = (...keys: readonly string[]): TopicMessages[] => [
  { topic: 't', messages: keys.map((key) => message(key, 'v')) },
];
const keysOf = (batch: readonly TopicMessages[]): string =>
  batch.flatMap(({ messages }) => messages.map(({ key }) => String(key))).join('');

/** Takes what is sent; `answers` say, one after the other, what becomes of it. */
const sendsTo = (answer: (keys: string) => Promise<void>) => {
  const sent: string[] = [];
  const sends = gatherSends(async (batch) => {
    sent.push(keysOf(batch));
    await answer(keysOf(batch));
  });
  return { ...sends, sent };
};

test('sends of one turn go together, those that come meanwhile in the next one, in the order of the calls', async () => {
  const first = Promise.withResolvers<void>();
  const { send, sent, settled } = sendsTo((keys) => (keys === 'ab' ? first.promise : Promise.resolve()));
  const early = [send(batchOf('a')), send(batchOf('b'))];
  while (sent.length === 0) await new Promise(setImmediate);
  const late = [send(batchOf('c')), send(batchOf('d', 'e')), send([])];
  first.resolve();
  await Promise.all([...early, ...late]);
  await settled();
  assert.deepEqual(sent, ['ab', 'cde']);
});

test('what the log does not take is the fault of the send that has it: the others are sent', async () => {
  const { send, sent } = sendsTo(async (keys) => {
    if (keys.includes('x')) throw new SluiceError('INVALID_INPUT', 'too large');
  });
  const results = await Promise.allSettled(['a', 'x', 'b'].map((key) => send(batchOf(key))));
  assert.deepEqual(
    results.map(({ status }) => status),
    ['fulfilled', 'rejected', 'fulfilled'],
  );
  assert.deepEqual(sent, ['axb', 'a', 'x', 'b']);
});

test('a log that is away fails all that went together, once, and those that come later are tried', async () => {
  let isAway = true;
  const { send, sent } = sendsTo(async () => {
    if (isAway) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'away');
  });
  const results = await Promise.allSettled([send(batchOf('a')), send(batchOf('b'))]);
  assert.deepEqual(
    results.map(({ status }) => status),
    ['rejected', 'rejected'],
  );
  isAway = false;
  await send(batchOf('c'));
  assert.deepEqual(sent, ['ab', 'c']);
});
