import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { headersOf } from '../../testing/messages.ts';
import {
  contentOf,
  feed,
  longMs,
  newStream,
  startStream,
  untilCommitted,
} from '../testing/running-stream.ts';
import { scored } from '../testing/stand-ins.ts';

const numbers = (count: number): string[] => Array.from({ length: count }, (_, index) => `${index}`);

test('what others get past is tried five times, the last one named so, and is a dead letter then', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  const lasts: boolean[] = [];
  await feed(log, stream, ['slow', 'quick']);
  const others = Promise.withResolvers<void>();
  startStream(t, log, stream, async ({ features, isLast }) => {
    if (features['text'] === 'quick') {
      // What the stream does with the answer comes before the failure of the other one.
      setImmediate(others.resolve);
      return scored();
    }
    await others.promise;
    lasts.push(isLast);
    throw new SluiceError('DEADLINE_EXCEEDED', 'no answer in time');
  });
  await untilCommitted(log, stream, 2);
  assert.deepEqual(lasts, [false, false, false, false, true]);
  const [letter] = await contentOf(log, stream.deadLetters, 1);
  assert.equal(headersOf(letter ?? assert.fail())['sluice.error.attempts'], '5');
});

test('where no event gets on it is no fault of theirs: they wait, and the stream says what for', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  let isHung = true;
  await feed(log, stream, numbers(20));
  const { status } = startStream(t, log, stream, () => {
    if (isHung) throw new SluiceError('DEADLINE_EXCEEDED', 'no answer in time');
    return scored();
  });
  const share = () => status.share('s', Date.now()).partitions?.[0];
  await eventually('many attempts', () => Number(share()?.retries) > 20 * 10, longMs);
  assert.match(status.waitsFor ?? '', /no answer in time/);
  isHung = false;
  await untilCommitted(log, stream, 20);
  assert.deepEqual([share()?.scored, share()?.deadLetters], [20, 0]);
});

test('what others got past before the model stood still is tried until it answers again', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { maxInFlight: 8 });
  let isHung = true;
  const answered = new Set<unknown>();
  await feed(log, stream, ['slow', 'slow too', ...numbers(40)]);
  const { status } = startStream(t, log, stream, async ({ features: { text } }) => {
    // All that the window has room for gets past the two.
    if (!isHung || (!String(text).startsWith('slow') && answered.size < 6)) {
      answered.add(text);
      return scored();
    }
    throw new SluiceError('DEADLINE_EXCEEDED', 'no answer in time');
  });
  const share = () => status.share('s', Date.now()).partitions?.[0];
  await eventually('many attempts', () => Number(share()?.retries) > 100, longMs);
  isHung = false;
  await untilCommitted(log, stream, 42);
  assert.deepEqual([share()?.scored, share()?.deadLetters], [42, 0]);
});

test('a release in quarantine computes nothing: what it refuses is no fault of an event that others got past', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log);
  let refusals = 0;
  await feed(log, stream, ['refused', 'quick']);
  const { status } = startStream(t, log, stream, ({ features: { text } }) => {
    if (text === 'quick' || refusals === 30) return scored();
    refusals += 1;
    throw new SluiceError('RELEASE_QUARANTINED', 'not for a while', { retryAfterMs: 1 });
  });
  await untilCommitted(log, stream, 2);
  const share = status.share('s', Date.now()).partitions?.[0];
  assert.deepEqual([share?.scored, share?.deadLetters], [2, 0]);
});

test('several that others get past are dead letters, though a window is full of what waits for them', async (t) => {
  const { log } = await temporaryLog(t);
  const stream = await newStream(log, { maxInFlight: 8 });
  await feed(log, stream, ['slow', 'slow too', ...numbers(40), 'slow at last']);
  const { status } = startStream(t, log, stream, async ({ features: { text } }) => {
    if (!String(text).startsWith('slow')) return scored();
    throw new SluiceError('RUNTIME_LOST', 'it computed for too long');
  });
  await untilCommitted(log, stream, 42);
  const share = () => status.share('s', Date.now()).partitions?.[0];
  assert.deepEqual([share()?.scored, share()?.deadLetters], [40, 2]);
  await feed(log, stream, ['one more']);
  await untilCommitted(log, stream, 44);
  assert.deepEqual([share()?.scored, share()?.deadLetters], [41, 3]);
});
