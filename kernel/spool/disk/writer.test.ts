import assert from 'node:assert/strict';
import { write } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type TestContext, test } from 'node:test';
import { recordTopics } from '../../records/topics.ts';
import { entry } from '../testing/entries.ts';
import { keptLog } from '../testing/temporary-spool.ts';
import { takeFolder } from './folders.ts';
import { openFolder } from './open-folder.ts';
import { Writer } from './writer.ts';

/** A writer into a folder that goes with the test, and how many blocks it has begun to write. */
const openWriter = async (t: TestContext) => {
  const root = await mkdtemp(join(tmpdir(), 'sluice-writer-'));
  const opened = new AsyncDisposableStack();
  t.after(async () => {
    await opened.disposeAsync();
    await rm(root, { recursive: true, force: true });
  });
  const lock = opened.use(await takeFolder(root));
  const places = { names: recordTopics.map(({ topic }) => topic), partitions: 1 };
  const { folder, next } = await openFolder(lock, places, keptLog().log);
  let blocks = 0;
  const counting = ((...args: Parameters<typeof write>) => {
    blocks += 1;
    write(...args);
  }) as typeof write;
  const writer = await Writer.open({
    folder,
    limits: { maxBytes: 100_000_000, maxAgeMs: 3_600_000, segmentBytes: 1_000_000 },
    next,
    now: () => 1_700_000_000_000,
    onSegment: () => undefined,
    onWritten: () => undefined,
    write: counting,
  });
  opened.defer(() => writer.close());
  return { writer, blocks: () => blocks };
};

test('a few entries of one moment are one block', async (t) => {
  const { writer, blocks } = await openWriter(t);
  const written = [1, 2, 3].map((number) => writer.append(entry(number), false));
  assert.equal(blocks(), 0);
  await Promise.all(written);
  assert.equal(blocks(), 1);
});

test('of many entries of one moment the first are written while the others are appended', async (t) => {
  const { writer, blocks } = await openWriter(t);
  const append = (number: number): Promise<void> => writer.append(entry(number), false);
  const first = Array.from({ length: 60 }, (_, number) => append(number));
  assert.equal(blocks(), 1);
  await Promise.all(first);
  assert.equal(blocks(), 2);
  await append(60);
  assert.equal(blocks(), 3);
});
