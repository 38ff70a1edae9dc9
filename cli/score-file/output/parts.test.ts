import assert from 'node:assert/strict';
import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { parquetReadObjects } from 'hyparquet';
import type { Column } from '../../export/column-set.ts';
import type { Value } from '../row.ts';
import { assemble } from './assemble.ts';
import { type Job, openJournal, partIn, readJournal } from './journal.ts';
import { partBuffer, writeSynced } from './part-buffer.ts';

const temporary = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-parts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const columns: Column[] = [
  { name: 'id', kind: 'integer' },
  { name: 'who', kind: 'text' },
  { name: 'output.p', kind: 'number' },
  { name: 'sure', kind: 'boolean' },
  { name: 'at', kind: 'time' },
];
const at = '2026-11-22T10:00:00.000Z';
const rows: Value[][] = [
  [9_007_199_254_740_993n, 'a, "b"', 0.5, true, at],
  [2n, null, null, null, null],
  [3n, 'ä', -1e-9, false, at],
];

/** Two parts, put together. */
const write = async (folder: string, format: 'csv' | 'jsonl' | 'parquet'): Promise<string> => {
  const buffer = partBuffer(format, columns);
  for (const row of rows.slice(0, 2)) buffer.add(row);
  await writeSynced(partIn(folder, 1), buffer.take());
  assert.equal(buffer.rows(), 0);
  for (const row of rows.slice(2)) buffer.add(row);
  await writeSynced(partIn(folder, 2), buffer.take());
  const whole = join(folder, 'whole');
  await assemble(whole, format, columns, [partIn(folder, 1), partIn(folder, 2)]);
  return whole;
};

test('parts of CSV become one file with one head', async (t) => {
  const text = await readFile(await write(await temporary(t), 'csv'), 'utf8');
  assert.equal(
    text,
    `id,who,output.p,sure,at\n9007199254740993,"a, ""b""",0.5,true,${at}\n2,,,,\n3,ä,-1e-9,false,${at}\n`,
  );
});

test('parts of JSON lines become one file; a number that JSON would change is text', async (t) => {
  const text = await readFile(await write(await temporary(t), 'jsonl'), 'utf8');
  assert.deepEqual(
    text
      .trimEnd()
      .split('\n')
      .map((line) => JSON.parse(line)),
    [
      { id: '9007199254740993', who: 'a, "b"', 'output.p': 0.5, sure: true, at },
      { id: 2, who: null, 'output.p': null, sure: null, at: null },
      { id: 3, who: 'ä', 'output.p': -1e-9, sure: false, at },
    ],
  );
});

test('parts of Parquet become one file with their row groups', async (t) => {
  const bytes = await readFile(await write(await temporary(t), 'parquet'));
  const slice = (start: number, end?: number): ArrayBuffer =>
    new Uint8Array(bytes.subarray(start, end)).buffer;
  const read = await parquetReadObjects({ file: { byteLength: bytes.length, slice } });
  assert.deepEqual(
    read,
    rows.map(([id, who, p, sure, time]) => ({
      id,
      who,
      'output.p': p,
      sure,
      at: time === null ? null : new Date(String(time)),
    })),
  );
});

const job: Job = {
  run: 'r-',
  input: { path: '/in.csv', bytes: 3, modifiedMs: 1.5, digest: 'd' },
  model: 'churn',
  version: '1.0.0',
  digest: 'sha256:0',
  columns: '[]',
};
const partOf = (part: number) => ({ part, rows: 10, predictions: 9, refusals: 0, errors: 1 });

const journalOf = async (folder: string): Promise<void> => {
  await using journal = await openJournal(folder);
  for (const entry of [job, partOf(1), partOf(2)]) await journal.append(entry);
};

test('a journal tells its job and its parts again', async (t) => {
  const folder = await temporary(t);
  assert.equal(await readJournal(folder), undefined);
  await journalOf(folder);
  assert.deepEqual(await readJournal(folder), { job, parts: [partOf(1), partOf(2)] });
});

for (const [what, tail] of [
  ['half a line', '{"part":3,"ro'],
  ['a line without its end', JSON.stringify(partOf(3))],
  ['zeros, as power that was lost leaves them', '\0'.repeat(80)],
  ['a part that is not the next one', `${JSON.stringify(partOf(4))}\n`],
] as const)
  test(`a journal that ends with ${what} is gone on with in front of it`, async (t) => {
    const folder = await temporary(t);
    await journalOf(folder);
    await appendFile(join(folder, 'journal.jsonl'), tail);
    assert.deepEqual(await readJournal(folder), { job, parts: [partOf(1), partOf(2)] });
    await using journal = await openJournal(folder);
    await journal.append(partOf(3));
    assert.equal((await readJournal(folder))?.parts.length, 3);
  });

test('a journal without a job is none', async (t) => {
  const folder = await temporary(t);
  await writeFile(join(folder, 'journal.jsonl'), `${JSON.stringify(job).slice(0, 30)}`);
  assert.equal(await readJournal(folder), undefined);
});
