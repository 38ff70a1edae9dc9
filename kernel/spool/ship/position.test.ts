import assert from 'node:assert/strict';
import { closeSync, openSync, readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { test } from 'node:test';
import { openPositionFile } from './position.ts';

test('a position is kept; one that comes after the file was closed goes nowhere, nor into the file that has its number', async (t) => {
  const folder = await mkdtemp(join(tmpdir(), 'sluice-position-'));
  t.after(() => rm(folder, { recursive: true }));
  const other = join(folder, 'other');
  await writeFile(other, 'what is in it');
  const file = openPositionFile(folder);
  file.write({ segment: 1, offset: 100 });
  assert.deepEqual(file.read(), { segment: 1, offset: 100 });
  file[Symbol.dispose]();
  const fd = openSync(other, 'r+');
  t.after(() => closeSync(fd));
  file.write({ segment: 2, offset: 200 });
  assert.equal(readFileSync(other, 'utf8'), 'what is in it');
  using again = openPositionFile(folder);
  assert.deepEqual(again.read(), { segment: 1, offset: 100 });
});
