import assert from 'node:assert/strict';
import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { asyncBufferFromFile, parquetMetadataAsync, parquetReadObjects } from 'hyparquet';
import { pageOf, type Recorded, recordedPrediction } from '../../testing/recorded.ts';
import { type Outcome, runSluice } from '../../testing/run-sluice.ts';
import { type DoorRequest, standInDoor } from '../../testing/stand-in-door.ts';
import { temporaryFolder } from '../../testing/temporary-package.ts';

const setUp = async (t: TestContext, recorded: readonly Recorded[]) => {
  const asked: DoorRequest[] = [];
  const predictions = recorded.map((each, index) => recordedPrediction(index, each));
  const server = await standInDoor(t, (request) => {
    asked.push(request);
    return pageOf(predictions, request);
  });
  const folder = temporaryFolder(t);
  const run = (file: string, ...more: string[]): Promise<Outcome> => {
    const range = ['--from', '2026-11-20', '--to', '2026-11-21'];
    const args = ['predictions', 'export', '--model', 'churn', ...range, '-o', join(folder, file), ...more];
    return runSluice([...args, '--server', server]);
  };
  return { asked, folder, run };
};

const many = (count: number): Recorded[] => Array.from({ length: count }, () => ({}));
const linesOf = (path: string): string[] => readFileSync(path, 'utf8').split('\n').slice(0, -1);

test('an export walks all pages, the earliest first', async (t) => {
  const { run, folder, asked } = await setUp(t, many(601));
  const { exitCode, stdout } = await run('all.jsonl');
  assert.deepEqual([exitCode, stdout], [0, `${join(folder, 'all.jsonl')} has 601 predictions of churn\n`]);
  const rows = linesOf(join(folder, 'all.jsonl')).map((line) => JSON.parse(line) as Record<string, unknown>);
  assert.deepEqual(
    rows.map((row) => row['input.tenure']),
    Array.from({ length: 601 }, (_, index) => index),
  );
  assert.equal(asked.length, 3);
  assert.deepEqual(Object.fromEntries(asked[0]?.query ?? []), {
    model: 'churn',
    from: '2026-11-20T00:00:00.000Z',
    to: '2026-11-21T00:00:00.000Z',
    ascending: 'true',
    pageSize: '250',
  });
  assert.deepEqual(readdirSync(folder), ['all.jsonl']);
});

test('CSV has the columns of all rows, with inputs before outputs', async (t) => {
  const late = { input: { features: { tenure: 1, note: 'a "b", c', tags: ['x', 1] } }, entityId: '' };
  const { run, folder } = await setUp(t, [{}, { record: late }]);
  await run('two.csv');
  assert.deepEqual(linesOf(join(folder, 'two.csv')), [
    'prediction_id,time,model,version,entity_id,outcome,code,trace_id,input.tenure,input.contract,input.note,input.tags,output.probability,output.churn',
    '01a1fd8c-0000-7000-8000-000000000000,2026-11-20T10:00:00.000Z,churn,1.0.0,c-0,prediction,OK,abcdef0123456789abcdef0123456789,0,One year,,,0,no',
    '01a1fd8c-0000-7000-8000-000000000001,2026-11-20T10:00:01.000Z,churn,1.0.0,,prediction,OK,abcdef0123456789abcdef0123456789,1,,"a ""b"", c","[""x"",1]",0.01,no',
  ]);
});

const readParquet = async (path: string) => {
  const file = await asyncBufferFromFile(path);
  const { schema } = await parquetMetadataAsync(file);
  const types = schema.slice(1).map(({ name, type, converted_type }) => [name, converted_type ?? type]);
  return { types: Object.fromEntries(types), rows: await parquetReadObjects({ file }) };
};

test('Parquet has numbers, texts, booleans and timestamps; a column of both kinds is text', async (t) => {
  const { run, folder } = await setUp(t, [
    { record: { input: { features: { age: 5, partner: true, mixed: 1, none: null } } } },
    { record: { input: { features: { age: null, partner: false, mixed: 'one', none: null } } } },
  ]);
  await run('two.parquet');
  const { types, rows } = await readParquet(join(folder, 'two.parquet'));
  const { age, partner, mixed, none, tenure } = Object.fromEntries(
    Object.entries(types).map(([name, type]) => [name.replace('input.', ''), type]),
  );
  assert.deepEqual([age, partner, mixed, none, tenure], ['DOUBLE', 'BOOLEAN', 'UTF8', 'UTF8', undefined]);
  assert.equal(types['time'], 'TIMESTAMP_MILLIS');
  assert.deepEqual(
    rows.map((row) => [row['time'], row['input.age'], row['input.mixed'], row['output.probability']]),
    [
      [new Date('2026-11-20T10:00:00Z'), 5, '1', 0],
      [new Date('2026-11-20T10:00:01Z'), undefined, 'one', 0.01],
    ].map((row) => row.map((cell) => cell ?? null)),
  );
});

test('a labelled export has what is known in the end, of labelled predictions only', async (t) => {
  const by = { author: 'ada', time: '2026-11-20T11:00:00Z' };
  const later = { author: 'bob', time: '2026-11-20T12:00:00Z' };
  const { run, folder, asked } = await setUp(t, [
    {
      feedback: [
        { label: 'yes', ...by },
        { label: 'no', reward: 0, ...by },
        { comment: 'sure', ...later },
      ],
    },
    { feedback: [{ comment: 'hm', ...by }] },
    { feedback: [{ correction: { churn: 'yes' }, ...by }] },
  ]);
  const { exitCode, stderr } = await run('labelled.parquet', '--with-feedback');
  assert.deepEqual([exitCode, stderr], [0, '']);
  assert.equal(asked[0]?.query.get('hasFeedback'), 'true');
  const { rows } = await readParquet(join(folder, 'labelled.parquet'));
  const columns = ['label', 'reward', 'correction', 'comment', 'feedback_author', 'feedback_time'];
  assert.deepEqual(
    rows.map((row) => columns.map((column) => row[column])),
    [
      ['no', 0, null, 'sure', 'bob', new Date('2026-11-20T12:00:00Z')],
      [null, null, '{"churn":"yes"}', null, 'ada', new Date('2026-11-20T11:00:00Z')],
    ],
  );
});

const tensor = (name: string, shape: number[], values: number[]) => ({
  name,
  datatype: 'FP32',
  shape,
  raw: Buffer.from(new Float32Array(values).buffer).toString('base64'),
});

test('a tensor of one row has a column for each element, another one is a nested list', async (t) => {
  const tensors = [tensor('x', [1, 2], [0.5, Number.NaN]), tensor('batch', [2, 2], [1, 2, 3, 4])];
  const outcome = { tensors: { tensors: [tensor('y', [1], [7])] } };
  const { run, folder } = await setUp(t, [{ record: { input: { tensors: { tensors } }, outcome } }]);
  await run('tensors.jsonl');
  const row = JSON.parse(linesOf(join(folder, 'tensors.jsonl'))[0] ?? '') as Record<string, unknown>;
  assert.deepEqual(
    [row['input.x.0'], row['input.x.1'], row['input.batch'], row['output.y.0']],
    [0.5, null, '[[1,2],[3,4]]', 7],
  );
});

test('of an empty range there is no file, but a word', async (t) => {
  const { run, folder } = await setUp(t, []);
  const { exitCode, stderr } = await run('none.csv');
  assert.equal(exitCode, 1);
  assert.match(stderr, /there are no predictions of churn from 2026-11-20T.* to .*; no file was written/);
  assert.match((await run('none.csv', '--with-feedback')).stderr, /no labelled predictions/);
  assert.deepEqual(readdirSync(folder), []);
});

test('a gateway that fails in the middle leaves no file behind', async (t) => {
  const folder = temporaryFolder(t);
  const predictions = many(300).map((each, index) => recordedPrediction(index, each));
  const away = { status: 503, body: { code: 'DATABASE_UNAVAILABLE', message: 'the database is away' } };
  const server = await standInDoor(t, (request) =>
    request.query.has('pageToken') ? away : pageOf(predictions, request),
  );
  const args = ['predictions', 'export', '--model', 'churn', '--from', '-1d', '-o', join(folder, 'x.csv')];
  const { exitCode, stderr } = await runSluice([...args, '--server', server]);
  assert.equal(exitCode, 1);
  assert.match(stderr, /DATABASE_UNAVAILABLE/);
  assert.deepEqual(readdirSync(folder), []);
});

test('an export that is stopped leaves no file behind', async (t) => {
  const folder = temporaryFolder(t);
  const predictions = many(300).map((each, index) => recordedPrediction(index, each));
  const server = await standInDoor(t, (request) => {
    // As when the terminal is closed.
    if (request.query.has('pageToken')) process.emit('SIGHUP');
    return pageOf(predictions, request);
  });
  const args = ['predictions', 'export', '--model', 'churn', '--from', '-1d', '-o', join(folder, 'x.csv')];
  const { exitCode, stderr } = await runSluice([...args, '--server', server], { isInteractive: true });
  assert.deepEqual([exitCode, stderr], [130, 'sluice: stopped (INTERRUPTED)\n']);
  assert.deepEqual(readdirSync(folder), []);
});
