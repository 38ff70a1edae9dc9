import assert from 'node:assert/strict';
import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '../event-log/testing/eventually.ts';
import { predictionsTopic } from '../records/topics.ts';
import { encodeSegmentHead, formatVersion, segmentName } from './disk/segment-head.ts';
import { entry, idOf } from './testing/entries.ts';
import { patienceMs } from './testing/shipped.ts';
import { nowhere, temporarySpools } from './testing/temporary-spool.ts';

test('an entry that cannot be one is refused alone', async (t) => {
  const { open } = await temporarySpools(t);
  const spool = await open({ eventLog: nowhere, drainMs: 0 });
  for (const [more, message] of [
    [{ topic: 'other' }, /no topic other, expected one of sluice.predictions.v1,sluice.feedback.v1/],
    [{ id: 'short' }, /id 'short', expected a UUID/],
  ] as const)
    await assert.rejects(spool.append(entry(1, more), false), { code: 'INVALID_INPUT', message });
  await assert.rejects(open({ topics: new Map([['other', []]]) }), {
    code: 'INVALID_INPUT',
    message: 'topics: other is no topic of records',
  });
  assert.equal(spool.depth().entries, 0);
});

test('a folder that cannot be made is told', async (t) => {
  const { open, folder } = await temporarySpools(t);
  await writeFile(join(folder, 'file'), '');
  await assert.rejects(open({ folder: join(folder, 'file') }), {
    code: 'SPOOL_UNAVAILABLE',
    message: /file cannot hold a spool: there is a file of that name/,
  });
  await assert.rejects(open({ folder: join(folder, 'file/below') }), { code: 'SPOOL_UNAVAILABLE' });
});

test('a spool of a newer format is told with both versions, and not touched', async (t) => {
  const { open, root, lines } = await temporarySpools(t);
  const id = idOf(1, 1);
  const folder = join(root, id);
  await mkdir(folder, { recursive: true });
  await writeFile(join(folder, 'lock'), '');
  const head = encodeSegmentHead(1, [predictionsTopic]);
  head.writeUInt32LE(formatVersion + 1, 4);
  await writeFile(join(folder, segmentName(1)), head);
  const before = await readdir(folder);
  await assert.rejects(open(), {
    code: 'SPOOL_UNAVAILABLE',
    message: `${join(folder, segmentName(1))} has format ${formatVersion + 1}; this version of Sluice reads and writes format ${formatVersion}`,
  });
  assert.deepEqual(await readdir(folder), before);

  const older = join(root, idOf(0, 0));
  await mkdir(older);
  await writeFile(join(older, 'lock'), '');
  const spool = await open();
  await eventually('it to be told', () => lines.some(({ spool: told }) => told === id), patienceMs);
  await spool.append(entry(1), false);
  assert.deepEqual(await readdir(folder), before);
  assert.equal(lines.filter(({ spool: told }) => told === id).length, 1);
});
