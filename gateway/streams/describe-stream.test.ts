import assert from 'node:assert/strict';
import { test } from 'node:test';
import { streamSettings } from '@sluice/kernel/revision/stream-settings';
import type { StreamPartition__Output } from '@sluice/protos/gen/sluice/v1/StreamPartition';
import type { StreamShare__Output } from '@sluice/protos/gen/sluice/v1/StreamShare';
import { describeStream } from './describe-stream.ts';
import { openStreams } from './streams.ts';

const settings = streamSettings.parse({ name: 'events', from: 'a', to: 'b', model: 'churn' });

const partition = (
  number: number,
  given: Partial<StreamPartition__Output> = {},
): StreamPartition__Output => ({
  topic: 'a',
  partition: number,
  scorer: 's',
  committed: '10',
  end: '15',
  lagMessages: 5,
  lagSeconds: 1.5,
  rate: 100,
  inWindow: 5,
  maxWindow: 10,
  scored: 10,
  refused: 0,
  filtered: 0,
  unchanged: 0,
  deadLetters: 0,
  retries: 0,
  lastError: '',
  lastErrorTime: '',
  ...given,
});

const share = (given: Partial<StreamShare__Output> = {}): StreamShare__Output => ({
  name: 'events',
  state: 'RUNNING',
  lastError: '',
  lastErrorTime: '',
  partitions: [],
  ...given,
});

test('a stream that no scorer tells of is unassigned', () => {
  const { state, partitions, lagMessages, lagSeconds } = describeStream(settings, []);
  assert.deepEqual([state, partitions, lagMessages, lagSeconds], ['UNASSIGNED', [], 0, 0]);
});

test('what several scorers have of a stream is put together, in the order of the partitions', () => {
  const stream = describeStream(settings, [
    share({ partitions: [partition(2), partition(0, { lagSeconds: 9 })] }),
    share({ partitions: [partition(1, { lagMessages: 7 })] }),
  ]);
  assert.deepEqual(
    stream.partitions?.map(({ partition }) => partition),
    [0, 1, 2],
  );
  assert.deepEqual([stream.lagMessages, stream.lagSeconds, stream.rate], [17, 9, 300]);
});

test('of a partition that goes over, the one who is further tells', () => {
  const stream = describeStream(settings, [
    share({ partitions: [partition(0, { scorer: 'old', committed: '9' })] }),
    share({ partitions: [partition(0, { scorer: 'new', committed: '10' })] }),
  ]);
  assert.deepEqual(
    stream.partitions?.map(({ scorer }) => scorer),
    ['new'],
  );
});

const states: readonly [of: readonly string[], whole: string][] = [
  [['WAITING', 'RUNNING'], 'RUNNING'],
  [['STARTING', 'WAITING'], 'WAITING'],
  [['FINISHED', 'RUNNING'], 'RUNNING'],
  [['FINISHED', 'FINISHED'], 'FINISHED'],
];
for (const [of, whole] of states)
  test(`${of.join(' and ')} is ${whole}`, () => {
    const shares = of.map((state) => share({ state }));
    assert.equal(describeStream(settings, shares).state, whole);
  });

test('the latest error is told, of whichever scorer or partition', () => {
  const stream = describeStream(settings, [
    share({ lastError: 'old', lastErrorTime: '2026-11-22T09:00:00.000Z' }),
    share({ partitions: [partition(0, { lastError: 'new', lastErrorTime: '2026-11-22T10:00:00.000Z' })] }),
  ]);
  assert.equal(stream.lastError, 'new');
});

test('a stream that the revision does not have is an error that says which it has', () => {
  const revision = { revision: 7, who: '', when: '', why: '', models: {}, streams: [settings] };
  const streams = openStreams({ revision: () => revision, sharesOf: () => [] });
  assert.equal(streams.get('events').stream?.name, 'events');
  assert.throws(() => streams.get('event'), {
    code: 'STREAM_NOT_FOUND',
    message: "revision 7 has no stream 'event'; it has events",
  });
});

test('where a stream goes on, what another scorer of it waits for is no error', () => {
  const waiting = share({ state: 'WAITING', lastError: 'another scorer has all partitions' });
  assert.equal(describeStream(settings, [waiting, share()]).lastError, '');
  assert.equal(describeStream(settings, [waiting]).lastError, waiting.lastError);
});
