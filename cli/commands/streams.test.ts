import assert from 'node:assert/strict';
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { applyRevision, newestRevision } from '@sluice/kernel/revision/revisions';
import { openStore } from '@sluice/kernel/store/open-store';
import { runSluice } from '../testing/run-sluice.ts';
import { standInDoor, unknownRoute } from '../testing/stand-in-door.ts';
import { standInGateway } from '../testing/stand-in-gateway.ts';

const partition = {
  topic: 'activity',
  partition: 1,
  scorer: 'scorer-1',
  committed: '100',
  end: '110',
  lagMessages: 10,
  lagSeconds: 2.25,
  rate: 123.4,
  inWindow: 4,
  maxWindow: 2048,
  scored: 90,
  refused: 3,
  filtered: 4,
  unchanged: 2,
  deadLetters: 1,
};
const stream = {
  name: 'events',
  from: ['activity'],
  to: 'scores',
  model: 'churn',
  version: 'champion',
  delivery: 'exactly-once',
  state: 'RUNNING',
  partitions: [partition],
  lagMessages: 10,
  lagSeconds: 2.25,
  rate: 123.4,
  lastError: 'the release is away',
  lastErrorTime: '2026-11-22T10:00:00.000Z',
};

const heads = 'STREAM  STATE    FROM      TO      MODEL           DELIVERY      LAG  LAG S  EVENTS/S';
const row = 'events  running  activity  scores  churn champion  exactly-once  10   2.3    123';

test('streams list has a row for each stream', async (t) => {
  const { url } = await standInGateway(t, { 'GET /v1/streams': [200, { streams: [stream] }] });
  const { exitCode, stdout } = await runSluice(['streams', 'list', '--server', url], { isInteractive: true });
  assert.deepEqual([exitCode, stdout], [0, `${heads}\n${row}\n`]);
});

test('streams status has a row for each partition too, and what went wrong last', async (t) => {
  const { url } = await standInGateway(t, { 'GET /v1/streams/events': [200, { stream }] });
  const { stdout } = await runSluice(['streams', 'status', 'events', '--server', url], {
    isInteractive: true,
  });
  assert.deepEqual(stdout.split('\n'), [
    heads,
    row,
    '',
    'STREAM  PARTITION   SCORER    COMMITTED  LAG  LAG S  EVENTS/S  WINDOW  SCORED  REFUSED  LEFT OUT  DEAD  RETRIES',
    'events  activity-1  scorer-1  100        10   2.3    123       4/2048  90      3        6         1     0',
    '',
    'events: 2026-11-22T10:00:00.000Z the release is away',
    '',
  ]);
});

/** A store with one stream, whose gateway tells of what the store says. */
const setUp = async (context: TestContext) => {
  const folder = mkdtempSync(join(tmpdir(), 'sluice-streams-'));
  context.after(() => rmSync(folder, { recursive: true }));
  mkdirSync(join(folder, 'churn/2.1.0'), { recursive: true });
  const store = openStore(`file:${folder}`);
  const streams = [{ name: 'events', from: 'activity', to: 'scores', model: 'churn', version: 'champion' }];
  const models = { churn: { aliases: { champion: '2.1.0' } } };
  await applyRevision(store, { models, streams }, { who: '', why: '' });
  const seen: unknown[] = [];
  const url = await standInDoor(context, async ({ path }) => {
    if (path !== '/v1/streams') return unknownRoute;
    const { revision } = await newestRevision(store);
    seen.push(revision.streams.at(-1));
    return {
      body: {
        streams: revision.streams.map(({ name, to }) => ({ ...stream, name, to, state: 'FINISHED' })),
      },
    };
  });
  const run = (...args: string[]) =>
    runSluice([...args, '--server', url], { environment: { STORE_URL: store.url }, isInteractive: false });
  return { store, seen, run };
};

test('a replay is a stream of its own, which is waited for and then goes', async (t) => {
  const { store, seen, run } = await setUp(t);
  const args = ['--from', '2026-11-20', '--to', '2026-11-21', '--into', 'again', '--version', '2.x'];
  const { exitCode, stdout } = await run('streams', 'replay', 'events', ...args);
  assert.equal(exitCode, 0);
  const answer = JSON.parse(stdout);
  assert.match(answer.name, /^events-replay-[0-9a-z]+$/);
  const { name, ...asked } = seen.at(-1) as Record<string, unknown>;
  assert.equal(name, answer.name);
  assert.deepEqual(
    { ...asked, pass: undefined },
    {
      replayOf: 'events',
      from: 'activity',
      to: 'again',
      model: 'churn',
      version: '2.x',
      format: 'json',
      pass: undefined,
      delivery: 'at-least-once',
      start: '2026-11-20T00:00:00.000Z',
      until: '2026-11-21T00:00:00.000Z',
      maxInFlight: 1024,
      deadline: '10s',
      deadLetters: 'sluice.dead-letters.v1',
      priority: 0,
    },
  );
  const { revision } = await newestRevision(store);
  assert.deepEqual(
    revision.streams.map((each) => each.name),
    ['events'],
  );
});

test('a replay that is not waited for stays', async (t) => {
  const { store, run } = await setUp(t);
  const { stdout } = await run('streams', 'replay', 'events', '--from', '17', '--into', 'again', '--detach');
  const { revision } = await newestRevision(store);
  const [, replay] = revision.streams;
  assert.deepEqual([replay?.name, replay?.start], [JSON.parse(stdout).name, { offset: 17 }]);
});

test('a stream that is removed is in the next revision no more', async (t) => {
  const { store, run } = await setUp(t);
  const { exitCode } = await run('streams', 'remove', 'events', '--why', 'moved');
  const { revision } = await newestRevision(store);
  assert.deepEqual([exitCode, revision.streams, revision.why], [0, [], 'moved']);
});

for (const args of [
  ['remove', 'event'],
  ['replay', 'event', '--from', 'earliest', '--into', 'x'],
])
  test(`${args[0]} of a stream that is not there says which are`, async (t) => {
    const { run } = await setUp(t);
    const { exitCode, stderr } = await run('streams', ...args);
    assert.equal(exitCode, 1);
    assert.match(stderr, /STREAM_NOT_FOUND.*no stream 'event'; it has events/);
  });

test('a start that is neither time nor offset is wrong usage', async (t) => {
  const { run } = await setUp(t);
  const { exitCode, stderr } = await run('streams', 'replay', 'events', '--from', 'soon', '--into', 'x');
  assert.equal(exitCode, 64);
  assert.match(stderr, /expected a time/);
});
