import assert from 'node:assert/strict';
import { describe, type TestContext, test } from 'node:test';
import type { Message } from '@sluice/kernel/event-log/event-log';
import { openEventLog } from '@sluice/kernel/event-log/open-event-log';
import { newName, sendAll, untilLed } from '@sluice/kernel/event-log/testing/messages';
import { type EventLogPlace, embeddedPlace, kafkaPlace } from '../../testing/event-log-place.ts';
import { type Outcome, type RunOptions, runSluice } from '../../testing/run-sluice.ts';

interface Said {
  readonly topic: string;
  readonly stream?: string;
  readonly code?: string;
  readonly time?: string;
  readonly offset?: number;
}

/** A letter as consumers write it. */
const letter = (key: string, value: string | null, said: Said): Message => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  partition: 0,
  headers: [
    ['traceparent', Buffer.from('00-01')],
    ...Object.entries({
      stage: 'scorer',
      code: 'INVALID_INPUT',
      message: 'tenure: expected a number',
      partition: 1,
      offset: 7,
      attempts: 1,
      time: '2026-11-20T10:00:00.000Z',
      ...said,
    }).map(([name, text]) => [`sluice.error.${name}`, Buffer.from(`${text}`)] as const),
  ],
});

const setUp = async (t: TestContext, place: EventLogPlace) => {
  const url = await place.url(t);
  const [letters, events] = [newName('letters'), newName('events')];
  await using log = await openEventLog({ url });
  await log.admin.create([
    { topic: letters, partitions: 1 },
    { topic: events, partitions: 3 },
  ]);
  await untilLed(log, events);
  const messages = [
    letter('a', '{"tenure":"x"}', { topic: events, stream: 'churn' }),
    letter('b', null, { topic: events, stream: 'fraud', code: 'MALFORMED_REQUEST' }),
    letter('c', 'not json', { topic: events, stream: 'churn', time: '2026-11-20T12:00:00.000Z' }),
    letter('d', '{}', { topic: 'no-such-topic', stream: 'churn' }),
  ];
  await sendAll(log, { topic: letters, messages });
  const run = (args: readonly string[], options: RunOptions = {}): Promise<Outcome> =>
    runSluice(args, { environment: { EVENT_LOG_URL: url }, ...options });
  const own = (args: readonly string[]) => [...args, '--topic', letters];
  return {
    letters,
    events,
    list: async (...args: readonly string[]) => {
      const { stdout } = await run(own(['dead-letters', 'list', ...args]));
      const parsed = JSON.parse(stdout) as { letters: Record<string, unknown>[]; hasMore: boolean };
      return { ...parsed, ids: parsed.letters.map(({ id }) => String(id).slice(letters.length)) };
    },
    table: () => run(own(['dead-letters', 'list']), { isInteractive: true }),
    show: (id: string, options: RunOptions = {}) => run(['dead-letters', 'show', id], options),
    replay: async (...args: readonly string[]): Promise<unknown> => {
      const { stdout, stderr } = await run(own(['dead-letters', 'replay', ...args]));
      return stderr === '' ? JSON.parse(stdout) : stderr;
    },
    asked: (answer: string, ...args: readonly string[]) =>
      run(own(['dead-letters', 'replay', ...args]), { isInteractive: true, answer }),
    send: async (topic: string, message: object): Promise<unknown> => {
      const input = JSON.stringify(message);
      return JSON.parse((await run(['topics', 'send', topic, '-', '--messages'], { input })).stdout);
    },
    read: async (topic: string) =>
      (await run(['topics', 'read', topic])).stdout
        .split('\n')
        .filter((line) => line !== '')
        .map((line) => JSON.parse(line) as Record<string, unknown>),
  };
};

const roundTrip = (place: EventLogPlace): void => {
  test('letters are listed with their reasons, shown whole, and sent back once as they were', async (t) => {
    const { letters, events, list, show, replay, read, send } = await setUp(t, place);
    const all = await list();
    assert.deepEqual([all.ids, all.hasMore], [['-0-0', '-0-1', '-0-2', '-0-3'], false]);
    assert.deepEqual(all.letters[0], {
      id: `${letters}-0-0`,
      stage: 'scorer',
      stream: 'churn',
      code: 'INVALID_INPUT',
      message: 'tenure: expected a number',
      topic: events,
      partition: 1,
      offset: '7',
      attempts: 1,
      time: '2026-11-20T10:00:00.000Z',
    });
    const shown = await show(`${letters}-0-2`);
    assert.match(shown.stdout, /"key":"c".*"sluice\.error\.stream":"churn".*"valueBase64":"bm90IGpzb24="/);
    assert.deepEqual(await replay('--stream', 'fraud'), { sent: 1, sentBefore: 0, lost: 0 });
    assert.deepEqual(await replay(), { sent: 2, sentBefore: 1, lost: 1 });
    assert.deepEqual(await replay(), { sent: 0, sentBefore: 3, lost: 1 });
    const back = await read(events);
    assert.deepEqual(
      back.map(({ key, value, valueBase64, headers, partition }) => [
        key,
        value ?? valueBase64,
        headers,
        partition,
      ]),
      [
        ['b', undefined, { traceparent: '00-01' }, 1],
        ['a', { tenure: 'x' }, { traceparent: '00-01' }, 1],
        ['c', 'bm90IGpzb24=', { traceparent: '00-01' }, 1],
      ],
    );
    const sent = await send(events, { key: 'e', headers: { h: '1' }, value: 5 });
    assert.deepEqual(sent, { topic: events, sent: 1 });
    const [last] = (await read(events)).filter(({ key }) => key === 'e');
    assert.deepEqual([last?.['value'], last?.['headers']], [5, { h: '1' }]);
  });
};

for (const place of [embeddedPlace, kafkaPlace])
  describe(`sluice dead-letters on ${place.name}`, { skip: place.skip }, () => roundTrip(place));

test('letters are chosen by stream, code and time, up to a number', async (t) => {
  const { list } = await setUp(t, embeddedPlace);
  assert.deepEqual((await list('--stream', 'churn')).ids, ['-0-0', '-0-2', '-0-3']);
  assert.deepEqual((await list('--code', 'MALFORMED_REQUEST')).ids, ['-0-1']);
  assert.deepEqual((await list('--from', '2026-11-20T11:00:00Z')).ids, ['-0-2']);
  assert.deepEqual((await list('--to', '2026-11-20T11:00:00Z', '--stream', 'churn')).ids, ['-0-0', '-0-3']);
  const { ids, hasMore } = await list('--max', '2');
  assert.deepEqual([ids, hasMore], [['-0-0', '-0-1'], true]);
});

test('humans see a table, and a letter with its reason above what it says', async (t) => {
  const { letters, events, table, show } = await setUp(t, embeddedPlace);
  const { stdout } = await table();
  assert.match(stdout, /^LETTER +TIME +STAGE +STREAM +CODE +FROM +MESSAGE\n/);
  assert.ok(stdout.includes(`${events}-1-7  tenure: expected a number\n`), stdout);
  const shown = (await show(`${letters}-0-0`, { isInteractive: true })).stdout;
  assert.match(
    shown,
    /^letter +letters-[^\n]+\n(.+\n)+code +INVALID_INPUT\n(.+\n)+key +a\n\ntraceparent +00-01\n\n\{"tenure":"x"\}\n$/,
  );
});

test('replay to another topic sends what has no topic any more, and again what was sent', async (t) => {
  const { events, replay, read } = await setUp(t, embeddedPlace);
  assert.deepEqual(await replay('--to-topic', events), { sent: 4, sentBefore: 0, lost: 0 });
  assert.deepEqual(await replay('--to-topic', events, '--max', '1'), { sent: 0, sentBefore: 4, lost: 0 });
  assert.deepEqual(await replay('--to-topic', events, '--again', '--max', '2'), {
    sent: 2,
    sentBefore: 0,
    lost: 0,
  });
  assert.equal((await read(events)).length, 6);
});

test('who sits there is asked before anything is sent, unless --yes says it', async (t) => {
  const { events, asked, read } = await setUp(t, embeddedPlace);
  const no = await asked('');
  assert.equal(no.exitCode, 1);
  assert.ok(no.stderr.startsWith(`send 3 dead letters (3 to ${events})? [y/N] `), no.stderr);
  assert.match(no.stderr, /NOT_CONFIRMED/);
  assert.deepEqual(await read(events), []);
  assert.equal((await asked('y', '--code', 'MALFORMED_REQUEST')).stdout, 'sent  1\n');
  assert.match((await asked('', '--yes')).stdout, /^sent +2\nsent before +1\nwithout a topic to go to +1\n$/);
});

test('dead-letters says what is wrong', async (t) => {
  const { letters, show, replay } = await setUp(t, embeddedPlace);
  const missing = await show(`${letters}-0-99`);
  assert.deepEqual([missing.exitCode, /LETTER_NOT_FOUND/.test(missing.stderr)], [1, true]);
  assert.equal((await show('nothing')).exitCode, 64);
  assert.equal((await show('no-such-topic-0-1')).exitCode, 1);
  assert.match(String(await replay('--to-topic', 'nowhere')), /has no topic nowhere/);
  assert.match(String(await replay('--from', '2026-11-21', '--to', '2026-11-20')), /--from must be before/);
});
