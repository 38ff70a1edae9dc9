import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { newName, numbered } from '@sluice/kernel/event-log/testing/messages';
import { freePort } from '@sluice/kernel/testing/free-port';
import { embeddedPlace } from '../../testing/event-log-place.ts';
import { type Outcome, runSluice } from '../../testing/run-sluice.ts';

interface Line {
  readonly partition: number;
  readonly offset: number;
  readonly key?: string;
  readonly value?: unknown;
}

const linesIn = ({ stdout, stderr }: Outcome): Line[] => {
  assert.equal(stderr, '');
  return stdout
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line) as Line);
};

const setUp = async (t: TestContext) => {
  const url = await embeddedPlace.url(t);
  const folder = await mkdtemp(join(tmpdir(), 'sluice-topics-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return {
    url,
    topic: newName('topic'),
    run: (args: readonly string[], input = ''): Promise<Outcome> =>
      runSluice(['topics', ...args], { environment: { EVENT_LOG_URL: url }, input }),
    write: async (...lines: readonly string[]): Promise<string> => {
      const path = join(folder, 'lines.jsonl');
      await writeFile(path, lines.map((line) => `${line}\n`).join(''));
      return path;
    },
  };
};

test('a topic is made, written by key, listed and read', async (t) => {
  const { topic, run, write } = await setUp(t);
  const made = await run(['create', topic, '--partitions', '3', '--config', 'retention.ms=60000']);
  assert.deepEqual(JSON.parse(made.stdout), { topic, partitions: 3 });
  const file = await write('{"id": 1, "at": {"key": "b"}}', '', '{"id": 2, "at": {"key": "b"}}');
  const sent = await run(['send', topic, file, '--key', '/at/key']);
  assert.deepEqual(JSON.parse(sent.stdout), { topic, sent: 2 });
  const read = linesIn(await run(['read', topic]));
  assert.deepEqual(
    read.map(({ offset, key, value }) => [offset, key, value]),
    [
      [0, 'b', { id: 1, at: { key: 'b' } }],
      [1, 'b', { id: 2, at: { key: 'b' } }],
    ],
  );
  assert.equal(new Set(read.map(({ partition }) => partition)).size, 1);
  const { topics } = JSON.parse((await run(['list'])).stdout) as { topics: { topic: string }[] };
  assert.deepEqual(
    topics.find((each) => each.topic === topic),
    { topic, partitions: 3, offsets: 2 },
  );
});

test('what read prints can be sent elsewhere, and comes back the same', async (t) => {
  const { topic, run } = await setUp(t);
  await run(['create', topic, '--partitions', '1']);
  const copy = newName('copy');
  await run(['create', copy, '--partitions', '1']);
  const lines = [
    '{"key":"a","timestamp":"2026-11-20T10:00:00.000Z","headers":{"h":["1","2"],"g":"ü"},"value":{"amount":1.5}}',
    '{"keyBase64":"/wA=","timestamp":"2026-11-20T10:00:01.000Z","headersBase64":{"raw":"/w=="},"valueBase64":"AAH/"}',
    '{"key":"gone","timestamp":"2026-11-20T10:00:02.000Z"}',
    '{"timestamp":"2026-11-20T10:00:03.000Z","valueBase64":"aGVsbG8="}',
    '{"timestamp":"2026-11-20T10:00:04.000Z","value":null}',
  ];
  await run(['send', topic, '-', '--messages'], lines.join('\n'));
  const first = (await run(['read', topic])).stdout;
  assert.match(first, /"value":\{"amount":1.5\}\}\n/);
  assert.equal((await run(['send', copy, '-', '--messages'], first)).exitCode, 0);
  const second = (await run(['read', copy])).stdout;
  assert.equal(second.replaceAll(copy, topic), first);
});

test('reading begins at a time, ends where the topic did, and stops at a number', async (t) => {
  const { topic, run } = await setUp(t);
  await run(['create', topic, '--partitions', '1']);
  const lines = [1, 2, 3].map((day) => `{"timestamp":"2026-11-0${day}T00:00:00Z","value":${day}}`);
  await run(['send', topic, '-', '--messages'], lines.join('\n'));
  const valuesOf = async (...args: readonly string[]) =>
    linesIn(await run(['read', topic, ...args])).map(({ value }) => value);
  assert.deepEqual(await valuesOf('--from', '2026-11-02'), [2, 3]);
  assert.deepEqual(await valuesOf('--from', 'latest'), []);
  assert.deepEqual(await valuesOf('--max', '2'), [1, 2]);
  assert.deepEqual(await valuesOf('--follow', '--max', '3'), [1, 2, 3]);
});

test('messages without a key go to the partitions in turn, also at a rate', async (t) => {
  const { topic, run } = await setUp(t);
  await run(['create', topic, '--partitions', '2']);
  const values = numbered('x', 0, 10).map(({ value }) => `"${value}"`);
  await run(['send', topic, '-', '--rate', '100'], values.join('\n'));
  const read = linesIn(await run(['read', topic]));
  assert.deepEqual(
    [0, 1].map((partition) => read.filter((each) => each.partition === partition).length),
    [5, 5],
  );
});

test('a folder that --event-log names is the log, and tables are for humans', async (t) => {
  const { topic, url } = await setUp(t);
  const run = (...args: readonly string[]) =>
    runSluice(['topics', ...args, '--event-log', url], { isInteractive: true });
  assert.equal(
    (await run('create', topic, '--partitions', '1')).stdout,
    `${topic} is there, with 1 partition\n`,
  );
  assert.match((await run('list')).stdout, /^TOPIC +PARTITIONS +OFFSETS\ntopic-\S+ +1 +0\n$/);
});

const refused: readonly [
  what: string,
  args: readonly string[],
  input: string,
  exitCode: number,
  message: RegExp,
][] = [
  ['a topic that is not there', ['read', 'nothing'], '', 1, /INVALID_INPUT.*has no topic nothing/],
  ['writing to what is not there', ['send', 'nothing', '-'], 'x', 1, /has no topic nothing/],
  ['another number of partitions', ['create', 'T', '--partitions', '3'], '', 1, /TOPIC_MISMATCH/],
  ['no partitions', ['create', 'T', '--partitions', '0'], '', 64, /--partitions/],
  ['no number of partitions', ['create', 'other'], '', 64, /--partitions/],
  ['a name that is none', ['create', 'a b', '--partitions', '1'], '', 1, /expected 1 to 249 letters/],
  ['a setting without a value', ['create', 'o', '--partitions', '1', '--config', 'x'], '', 64, /name=value/],
  ['a time that is none', ['read', 'T', '--from', 'yesterday'], '', 64, /expected a time/],
  ['a file that is not there', ['send', 'T', '/no/such/file'], '', 64, /cannot read \/no\/such\/file/],
  [
    'a line that is no JSON, where the key is in it',
    ['send', 'T', '-', '--key', 'id'],
    '{"id":1}\nnot json',
    64,
    /line 2: no JSON: .*; 1 messages before it were sent/,
  ],
  [
    'a line without the key',
    ['send', 'T', '-', '--key', '/a/b'],
    '{"a":1}',
    64,
    /line 1: \/a\/b: expected a str/,
  ],
  [
    'a message of another shape',
    ['send', 'T', '-', '--messages'],
    '{"keys":1}',
    64,
    /line 1: the line: Unrecognized key/,
  ],
  [
    'two words about the key',
    ['send', 'T', '-', '--messages', '--key', 'a'],
    '{}',
    64,
    /says its key itself/,
  ],
];

for (const [what, args, input, exitCode, message] of refused)
  test(`topics says what is wrong: ${what}`, async (t) => {
    const { run, topic } = await setUp(t);
    await run(['create', topic, '--partitions', '1']);
    const outcome = await run(
      args.map((each) => (each === 'T' ? topic : each)),
      input,
    );
    assert.match(outcome.stderr, message);
    assert.equal(outcome.exitCode, exitCode);
  });

test('an event log that does not answer is exit code 69', async () => {
  const url = `kafka://127.0.0.1:${await freePort()}`;
  const { exitCode, stderr } = await runSluice(['topics', 'list', '--event-log', url]);
  assert.match(stderr, /EVENT_LOG_UNAVAILABLE/);
  assert.equal(exitCode, 69);
});

test('an event log of another kind is refused', async () => {
  const { exitCode, stderr } = await runSluice(['topics', 'list', '--event-log', 'redis://x']);
  assert.equal(exitCode, 1);
  assert.match(stderr, /redis:/);
});
