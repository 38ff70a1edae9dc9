import assert from 'node:assert/strict';
import { existsSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { features } from '../../support/churn.ts';
import {
  linesOf,
  readCsv,
  readJsonl,
  readParquet,
  rowsInJournal,
  startScoring,
  writeLines,
} from '../../support/scored-file.ts';
import { type RunningSluice, startSluice } from '../../support/sluice.ts';
import { type CommandOutcome, runCommand } from '../../support/sluice-command.ts';
import { waitFor } from '../../support/wait-for.ts';

let sluice: RunningSluice;
let folder: string;

before(async () => {
  sluice = await startSluice();
  folder = await mkdtemp(join(tmpdir(), 'sluice-score-file-'));
});
after(async () => {
  await sluice[Symbol.asyncDispose]();
  await rm(folder, { recursive: true, force: true });
});

const at = (name: string): string => join(folder, name);
const score = (...args: string[]): Promise<CommandOutcome> =>
  runCommand(['score-file', ...args, '--server', sluice.gateway.http]);

const customer = (number: number): Record<string, unknown> => ({
  customer: `00${number}`,
  ...features(),
  tenure: number % 72,
});
const customers = (count: number): Record<string, unknown>[] =>
  Array.from({ length: count }, (_, index) => customer(index));

const churn = ['-m', 'churn', '-v', '1.0.0', '--entity-id', 'customer', '--keep', 'customer,tenure'];

/** What a row says, whatever the format. */
const said = (row: Readonly<Record<string, unknown>>) => {
  const { customer: who, tenure, outcome, release } = row;
  const probability = Number(row['output.churn_probability']).toFixed(6);
  return { who, tenure: Number(tenure), outcome, release, probability };
};

test('the rows come out in their order, whatever the formats', async () => {
  const rows = customers(700);
  await writeFile(at('in.jsonl'), linesOf(rows));
  const outcomes = [
    await score(at('in.jsonl'), ...churn, '-o', at('one.parquet')),
    await score(at('in.jsonl'), ...churn, '-o', at('one.csv')),
    await score(at('in.jsonl'), ...churn, '-o', at('one.jsonl')),
  ];
  for (const { exitCode, stderr } of outcomes) assert.equal(exitCode, 0, stderr);
  const [parquet, csv, jsonl] = [
    (await readParquet(at('one.parquet'))).map(said),
    (await readCsv(at('one.csv'))).map(said),
    (await readJsonl(at('one.jsonl'))).map(said),
  ];
  assert.deepEqual(
    jsonl.map(({ who, tenure, outcome, release }) => [who, tenure, outcome, release]),
    rows.map((row) => [row['customer'], row['tenure'], 'prediction', '1.0.0']),
  );
  assert.deepEqual(csv, jsonl);
  assert.deepEqual(parquet, jsonl);
});

test('a file without rows, columns or the right ending is refused before anything is asked', async () => {
  await writeFile(at('empty.csv'), '');
  await writeFile(at('text.parquet'), 'no parquet at all');
  await writeFile(at('wrong.csv'), 'customer,tenur\n1,2\n');
  await writeFile(at('fine.jsonl'), linesOf(customers(1)));
  const faults: [args: string[], code: RegExp][] = [
    [[at('missing.csv'), '-o', at('x.csv')], /missing\.csv \(ENOENT\)/],
    [[at('empty.csv'), '-o', at('x.csv')], /empty\.csv is empty/],
    [[at('text.parquet'), '-o', at('x.csv')], /text\.parquet is no Parquet file/],
    [[at('fine.txt'), '-o', at('x.csv')], /INPUT: expected a file that ends with/],
    [[at('fine.jsonl'), '-o', at('x.xlsx')], /--out: expected a file that ends with/],
    [[at('wrong.csv'), '-o', at('x.csv')], /no columns for features that churn .* requires: 'tenure'/],
    [[at('fine.jsonl'), '-o', at('x.csv')], /no features of churn 1\.\d\.0: 'customer'/],
    [[at('fine.jsonl'), '-o', at('x.csv'), '--keep', 'custome'], /did you mean 'customer'/],
    [[at('fine.jsonl'), '-o', at('x.csv'), '--keep', 'all', '--map', 'age=tenure'], /no feature 'age'/],
    [[at('fine.jsonl'), '-o', at('fine.jsonl'), '--keep', 'all'], /is there already; --force/],
  ];
  for (const [args, message] of faults) {
    const { exitCode, stderr } = await score(...args, '-m', 'churn');
    assert.match(stderr, message);
    assert.equal(exitCode, 64, stderr);
  }
  const unknown = await score(at('fine.jsonl'), '-o', at('x.csv'), '-m', 'chrun');
  assert.match(unknown.stderr, /MODEL_NOT_FOUND/);
  assert.equal(unknown.exitCode, 1);
  assert.deepEqual([existsSync(at('x.csv')), existsSync(at('x.csv.partial'))], [false, false]);
});

test('rows that fail are told in their place, and by the exit code', async () => {
  const [first, second, third] = customers(3);
  const faulty = [
    JSON.stringify(first),
    '{"tenure": 1,',
    JSON.stringify({ ...second, contract: 'weekly' }),
    '',
    JSON.stringify(third),
  ];
  await writeFile(at('faulty.jsonl'), faulty.join('\n'));
  const args = [at('faulty.jsonl'), ...churn, '--force', '-o', at('faulty-out.jsonl')];
  const failed = await score(...args);
  assert.equal(failed.exitCode, 1);
  assert.match(failed.stderr, /2 of 4 rows failed/);
  const rows = await readJsonl(at('faulty-out.jsonl'));
  assert.deepEqual(
    rows.map(({ outcome, code }) => [outcome, code]),
    [
      ['prediction', null],
      ['error', 'INVALID_ROW'],
      ['error', 'INVALID_INPUT'],
      ['prediction', null],
    ],
  );
  assert.match(String(rows[1]?.['message']), /^line 2: /);
  assert.match(String(rows[2]?.['message']), /contract/);
  for (const [allowed, exitCode] of [
    ['1', 1],
    ['2', 0],
    ['all', 0],
  ] as const)
    assert.equal((await score(...args, '--allow-errors', allowed)).exitCode, exitCode);
});

test('a CSV row with another number of fields is an error, a refusal is an outcome', async () => {
  const cars = [
    'car,manufacturer,model,horsepower,air_bags,manual',
    '1,Dodge,Colt,92,none,true',
    '2,Dodge',
    '3,Trabant,601,90,none,TRUE',
  ];
  await writeFile(at('cars.csv'), `${cars.join('\n')}\n`);
  const args = ['-m', 'car-price', '--keep', 'car', '--allow-errors', '1', '-o', at('cars.parquet')];
  const { exitCode, stderr, stdout } = await score(at('cars.csv'), ...args);
  assert.equal(exitCode, 0, stderr);
  const { rows, predictions, refusals, errors } = JSON.parse(stdout) as Record<string, number>;
  assert.deepEqual(
    { rows, predictions, refusals, errors },
    { rows: 3, predictions: 1, refusals: 1, errors: 1 },
  );
  const scored = await readParquet(at('cars.parquet'));
  assert.deepEqual(
    scored.map(({ car, outcome, code }) => [car, outcome, code]),
    [
      ['1', 'prediction', null],
      [null, 'error', 'INVALID_ROW'],
      ['3', 'refusal', 'UNKNOWN_VEHICLE'],
    ],
  );
  assert.equal(typeof scored[0]?.['output.interval.lower'], 'number');
});

/** So long that a part has few rows, and so many that a run goes on for a while when it has written the first one. */
const [note, count] = ['x'.repeat(8_000), 12_000];
function* lines(): Generator<string> {
  for (let number = 0; number < count; number += 1)
    yield `${JSON.stringify({ ...customer(number), number, note })}\n`;
}

test('a run that was killed goes on where it was, and each row is there once', async () => {
  const [path, out] = [at('long.jsonl'), at('long.parquet')];
  await writeLines(path, lines());
  const args = [path, '-m', 'churn', '--keep', 'number,note', '--ignore-unknown', '-o', out];
  let resumed = 0;
  {
    await using scoring = startScoring(sluice.gateway.http, args);
    await waitFor('a part', () => rowsInJournal(out) > 0, 60_000);
    scoring.signal('SIGKILL');
    await scoring.exited;
    resumed = rowsInJournal(out);
  }
  assert.ok(resumed > 0 && resumed < count, `${resumed} rows were done`);
  assert.equal(existsSync(out), false);
  const refused = await score(...args);
  assert.match(refused.stderr, /--resume goes on with it/);
  const { exitCode, stdout, stderr } = await score(...args, '--resume');
  assert.equal(exitCode, 0, stderr);
  assert.equal((JSON.parse(stdout) as { resumed: number }).resumed, resumed);
  const rows = await readParquet(out);
  assert.deepEqual(
    rows.map(({ number }) => Number(number)),
    Array.from({ length: count }, (_, index) => index),
  );
  assert.equal(new Set(rows.map((row) => row['prediction_id'])).size, count);
  assert.equal(existsSync(`${out}.partial`), false);
});

test('an input that has changed since then is not gone on with', async () => {
  const [path, out] = [at('changing.jsonl'), at('changing.csv')];
  await writeLines(path, lines());
  const args = [path, '-m', 'churn', '--keep', 'note', '--ignore-unknown', '-o', out];
  {
    await using scoring = startScoring(sluice.gateway.http, args);
    await waitFor('a part', () => rowsInJournal(out) > 0, 60_000);
    scoring.signal('SIGKILL');
  }
  await writeFile(path, linesOf(customers(5)));
  const { exitCode, stderr } = await score(...args, '--resume');
  assert.match(stderr, /has changed since then; --force begins again/);
  assert.equal(exitCode, 64);
});
