import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '../errors/sluice-error.ts';
import { readListed } from '../release/list-releases.ts';
import { isComputedElsewhere } from '../release/read-release.ts';
import { applyRevision, newestRevision } from '../revision/revisions.ts';
import { identityModel } from '../testing/onnx-model.ts';
import { temporaryStore } from '../testing/temporary-store.ts';
import { readIfThere } from './read-if-there.ts';
import type { Store } from './store.ts';
import { onDisk } from './unavailable.ts';

/** A store that fails where it reads certain files says nothing about what they hold. */

const failingAt = (store: Store, fits: RegExp): Store => ({
  ...store,
  read: async (path) => {
    if (fits.test(path)) throw new SluiceError('STORE_UNAVAILABLE', 'away');
    return store.read(path);
  },
});
const away = { code: 'STORE_UNAVAILABLE', message: 'away' };

for (const file of ['model.onnx', 'config.pbtxt']) {
  test(`a release whose ${file} cannot be asked for is not broken`, async (t) => {
    const { store, put } = await temporaryStore(t);
    await put('m/1/model.onnx', identityModel([{ datatype: 'FP32', shape: ['N', 2] }]));
    await put('m/config.pbtxt', 'name: "m"');
    await assert.rejects(readListed(failingAt(store, new RegExp(file)), 'm', '1'), away);
    assert.ok('release' in (await readListed(store, 'm', '1')));
  });
}

test('who computes a release is not known when its manifest cannot be asked for', async (t) => {
  const { store } = await temporaryStore(t);
  await assert.rejects(isComputedElsewhere(failingAt(store, /yaml/), 'm', '1'), away);
  assert.equal(await isComputedElsewhere(store, 'm', '1'), false);
});

test('a newest revision that cannot be asked for does not put an older one in force', async (t) => {
  const { store } = await temporaryStore(t);
  const by = { who: '', why: '' };
  await applyRevision(store, {}, by);
  await applyRevision(store, {}, by);
  await assert.rejects(newestRevision(failingAt(store, /000002/)), away);
  assert.equal((await newestRevision(store)).revision.revision, 2);
});

test('a file that is not there is told from one that cannot be asked for', async (t) => {
  const { store, put } = await temporaryStore(t);
  await put('a', 'x');
  assert.equal((await readIfThere(store, 'a'))?.toString(), 'x');
  assert.equal(await readIfThere(store, 'b'), undefined);
  await assert.rejects(readIfThere(failingAt(store, /b/), 'b'), away);
});

for (const [code, why] of [
  ['ENOSPC', 'the disk is full'],
  ['EDQUOT', 'the quota of the disk is used up'],
  ['EROFS', 'the disk is read-only'],
  ['EACCES', 'permission denied'],
]) {
  test(`${code} is said in words`, async () => {
    const error = Object.assign(new Error('write'), { code });
    await assert.rejects(
      onDisk('file:/srv/store', () => Promise.reject(error)),
      { code: 'STORE_UNAVAILABLE', message: `file:/srv/store cannot be written: ${why}`, cause: error },
    );
  });
}

test('another error of a disk stays as it is', async () => {
  const error = Object.assign(new Error('write'), { code: 'EIO' });
  await assert.rejects(
    onDisk('file:/srv/store', () => Promise.reject(error)),
    (thrown) => thrown === error,
  );
});
