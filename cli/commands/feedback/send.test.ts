import assert from 'node:assert/strict';
import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { idOf } from '../../testing/recorded.ts';
import { type Outcome, runSluice } from '../../testing/run-sluice.ts';
import { type DoorAnswer, type DoorRequest, standInDoor } from '../../testing/stand-in-door.ts';
import { temporaryFolder } from '../../testing/temporary-package.ts';

interface Sent {
  readonly path: string;
  readonly feedback: Readonly<Record<string, unknown>>;
}

/** A gateway that keeps what it gets, unless told otherwise, and a command line that talks to it. */
const setUp = async (
  t: TestContext,
  refuse: (sent: Sent, request: DoorRequest) => DoorAnswer | undefined = () => undefined,
) => {
  const kept: Sent[] = [];
  const server = await standInDoor(t, (request) => {
    const feedback = JSON.parse(request.body.toString()) as Sent['feedback'];
    const sent = { path: request.path, feedback };
    const refused = refuse(sent, request);
    if (refused !== undefined) return refused;
    kept.push(sent);
    return { body: { feedbackId: feedback['feedbackId'] ?? '7' } };
  });
  const folder = temporaryFolder(t);
  return {
    kept,
    run: (...args: string[]): Promise<Outcome> =>
      runSluice(['feedback', 'send', ...args, '--server', server], { isInteractive: true }),
    file: (name: string, lines: readonly string[]): string => {
      writeFileSync(join(folder, name), lines.map((line) => `${line}\n`).join(''));
      return join(folder, name);
    },
  };
};

test('feedback about a prediction says what became known, and who says so', async (t) => {
  const { run, kept } = await setUp(t);
  const said = ['--label', 'true', '--reward', '-0.5', '--correct', 'price=7', 'kind=b', '--comment', 'x'];
  const { stdout, exitCode } = await run(idOf(1), ...said, '--author', 'ada@lab', '--time', '2026-11-21');
  assert.deepEqual([exitCode, stdout], [0, 'feedback 7 is kept\n']);
  assert.deepEqual(kept, [
    {
      path: `/v1/predictions/${idOf(1)}/feedback`,
      feedback: {
        label: true,
        reward: -0.5,
        correction: { price: 7, kind: 'b' },
        comment: 'x',
        author: 'ada@lab',
        time: '2026-11-21T00:00:00.000Z',
      },
    },
  ]);
});

test('feedback about an entity names the time and the model, and its author by itself', async (t) => {
  const { run, kept } = await setUp(t);
  await run('--entity', 'c-1', '--at', '2026-11-20', '--model', 'churn', '--label', '1', '--text-labels');
  const [{ path, feedback } = { path: '', feedback: {} }] = kept;
  assert.equal(path, '/v1/feedback');
  const { author, ...rest } = feedback;
  assert.match(String(author), /.@./);
  assert.deepEqual(rest, {
    entityId: 'c-1',
    entityTime: '2026-11-20T00:00:00.000Z',
    model: 'churn',
    label: '1',
  });
});

test('an export that was filled in is sent back, and rows that were not are passed over', async (t) => {
  const { run, kept, file } = await setUp(t);
  const path = file('filled.csv', [
    'prediction_id,time,model,version,entity_id,input.tenure,output.churn,label,correction.churn,feedback_author',
    `${idOf(1)},2026-11-20T10:00:00Z,churn,1.0.0,c-1,5,no,yes,,ada`,
    `${idOf(2)},2026-11-20T10:00:00Z,churn,1.0.0,c-2,5,no,,,`,
    `${idOf(3)},2026-11-20T10:00:00Z,churn,1.0.0,c-3,5,no,,"no, never",`,
  ]);
  const { exitCode, stdout } = await run('--file', path, '--author', 'bob');
  assert.deepEqual([exitCode, stdout], [0, 'sent              2\nwithout feedback  1\n']);
  const sorted = kept.toSorted((a, b) => a.path.localeCompare(b.path));
  assert.deepEqual(
    sorted.map(({ path: to, feedback: { feedbackId: _, ...said } }) => [to, said]),
    [
      [`/v1/predictions/${idOf(1)}/feedback`, { label: 'yes', author: 'ada' }],
      [`/v1/predictions/${idOf(3)}/feedback`, { correction: { churn: 'no, never' }, author: 'bob' }],
    ],
  );
});

test('a file that is sent again is the same feedback', async (t) => {
  const { run, kept, file } = await setUp(t);
  const path = file('labels.jsonl', [
    '{"entity_id": "c-1", "label": "yes"}',
    '{"entity_id": "c-2", "reward": 0}',
  ]);
  await run('--file', path, '--model', 'churn');
  await run('--file', path, '--model', 'churn');
  const ids = kept.map(({ feedback }) => feedback['feedbackId']);
  assert.equal(new Set(ids).size, 2);
  for (const id of ids)
    assert.match(String(id), /^[0-9a-f]{8}-[0-9a-f]{4}-8[0-9a-f]{3}-8[0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.equal(kept[0]?.feedback['model'], 'churn');
});

test('rows that are refused are told by their lines, and the others are sent', async (t) => {
  const invalid = {
    status: 422,
    body: { code: 'INVALID_INPUT', message: 'label: expected a class, got 7.5' },
  };
  const { run, kept, file } = await setUp(t, ({ feedback }) =>
    feedback['label'] === 7.5 ? invalid : undefined,
  );
  const path = file('labels.csv', [
    'prediction_id,label,reward',
    `${idOf(1)},yes,1`,
    `${idOf(2)},7.5,`,
    `${idOf(3)},yes,much`,
    ',yes,',
    `${idOf(4)},yes`,
  ]);
  const { exitCode, stdout, stderr } = await run('--file', path);
  assert.equal(exitCode, 1);
  assert.equal(stdout, 'sent     1\nrefused  4\n');
  assert.deepEqual(stderr.replaceAll(path, 'labels.csv').split('\n'), [
    'labels.csv:3: label: expected a class, got 7.5 (INVALID_INPUT)',
    'labels.csv:4: reward: expected a number, got "much" (INVALID_ROW)',
    'labels.csv:5: neither prediction_id nor entity_id says what it is about (INVALID_ROW)',
    'labels.csv:6: 2 fields, where the first line has 3 names (INVALID_ROW)',
    'sluice: 4 of 5 rows were refused (FEEDBACK_REFUSED)',
    '',
  ]);
  assert.equal(kept.length, 1);
});

test('what the gateway has no room for just now is sent again', async (t) => {
  let asked = 0;
  const full = { status: 429, body: { code: 'QUEUE_FULL', message: 'no room' } };
  const { run, kept, file } = await setUp(t, () => (++asked < 3 ? full : undefined));
  const { exitCode } = await run('--file', file('one.jsonl', ['{"entity_id": "c-1", "label": "yes"}']));
  assert.deepEqual([exitCode, kept.length], [0, 1]);
});

test('a gateway that is gone ends it', async (t) => {
  const { file } = await setUp(t);
  const path = file('one.jsonl', ['{"entity_id": "c-1", "label": "yes"}']);
  const { exitCode, stderr } = await runSluice([
    'feedback',
    'send',
    '-f',
    path,
    '--server',
    'http://127.0.0.1:9',
  ]);
  assert.equal(exitCode, 69);
  assert.match(stderr, /UNREACHABLE.*0 rows were sent: the same file may be sent again/);
});

const columns: readonly (readonly [header: string, message: RegExp])[] = [
  [
    'prediction_id,labell',
    /column 'labell' means nothing here \(did you mean label\?\); there may be prediction_id, /,
  ],
  ['prediction_id,colour', /column 'colour' means nothing here; there may be/],
];
for (const [header, message] of columns)
  test(`a file with the columns ${header} is refused before anything is sent`, async (t) => {
    const { run, kept, file } = await setUp(t);
    const { exitCode, stderr } = await run('-f', file('x.csv', [header, `${idOf(1)},x`]));
    assert.equal(exitCode, 64);
    assert.match(stderr, message);
    assert.deepEqual(kept, []);
  });
