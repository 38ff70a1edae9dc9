import assert from 'node:assert/strict';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import type { Slot } from '../row.ts';
import { type JournalFile, openJournal, type Part, partIn } from './journal.ts';
import { openPartWriter } from './part-writer.ts';

const partRows = 20_000;

const slotOf = (row: number): Slot => ({
  row,
  questions: Buffer.alloc(0),
  start: 0,
  end: 0,
  kept: [row],
  outcome: { kind: 'error', code: 'INVALID_ROW', message: '' },
  failures: 0,
  firstFailedMs: 0,
});

const temporary = async (t: TestContext): Promise<string> => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-parts-'));
  t.after(() => rm(folder, { recursive: true, force: true }));
  return folder;
};

const writerTo = (folder: string, journal: JournalFile) =>
  openPartWriter({
    folder,
    format: 'csv',
    columns: [{ name: 'id', kind: 'integer' }],
    journal,
    parts: 0,
    rowOf: ({ kept }) => kept,
  });

/** Adds so many rows; how often it had to wait. */
const addRows = async ({ add }: ReturnType<typeof writerTo>, count: number): Promise<number> => {
  let waits = 0;
  for (let row = 1; row <= count; row += 1) {
    const written = add(slotOf(row));
    if (written === undefined) continue;
    waits += 1;
    await written;
  }
  return waits;
};

test('rows are added while a part is written; the next full one waits for it, and parts are told in their order', async (t) => {
  const folder = await temporary(t);
  await using file = await openJournal(folder);
  const told: Part[] = [];
  const journal: JournalFile = {
    ...file,
    append: async (entry) => {
      await file.append(entry);
      if ('part' in entry) told.push(entry);
    },
  };
  const writer = writerTo(folder, journal);
  assert.equal(await addRows(writer, 2 * partRows + 5), 1);
  assert.deepEqual(writer.tally(), { rows: 40_005, predictions: 0, refusals: 0, errors: 40_005 });
  await writer.flush();
  await writer.flush();
  assert.deepEqual(
    told.map(({ part, rows }) => [part, rows]),
    [
      [1, partRows],
      [2, partRows],
      [3, 5],
    ],
  );
  assert.equal(writer.parts(), 3);
  const lines = (await readFile(partIn(folder, 2), 'utf8')).trimEnd().split('\n');
  assert.deepEqual([lines.length, lines[0]], [partRows, String(partRows + 1)]);
});

test('a part that cannot be written fails the next one, and the end', async (t) => {
  const folder = await temporary(t);
  await using journal = await openJournal(folder);
  const writer = writerTo(join(folder, 'gone'), journal);
  await assert.rejects(addRows(writer, 2 * partRows), { code: 'ENOENT' });
  await assert.rejects(writer.flush(), { code: 'ENOENT' });
  assert.equal(writer.parts(), 0);
});
