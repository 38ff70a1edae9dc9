import assert from 'node:assert/strict';
import { symlink } from 'node:fs/promises';
import { test } from 'node:test';
import { temporaryStore } from '../testing/temporary-store.ts';
import { sha256 } from './digest.ts';
import { readFolderFiles } from './folder-files.ts';

test('the files of a folder, with slashes, without what begins with a dot', async (t) => {
  const { folder, put } = await temporaryStore(t);
  for (const path of ['b', 'a/c', '.DS_Store', '.git/config', 'a/.x']) await put(path, path);
  await symlink('b', `${folder}/link`);
  const files = await readFolderFiles(folder);
  assert.deepEqual(
    files.map(({ path, size }) => [path, size]),
    [
      ['a/c', 3],
      ['b', 1],
      ['link', 1],
    ],
  );
  assert.equal(files[0]?.sha256, sha256(Buffer.from('a/c')));
});

test('a folder that is missing and a link that leads nowhere are faults', async (t) => {
  const { folder } = await temporaryStore(t);
  await assert.rejects(readFolderFiles(`${folder}/no`));
  await symlink('/no/such', `${folder}/link`);
  await assert.rejects(readFolderFiles(folder));
});
