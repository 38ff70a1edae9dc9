import assert from 'node:assert/strict';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { describe, test } from 'node:test';
import { skipS3 } from '../../testing/s3-server.ts';
import { openS3StoreOnRoad } from '../../testing/s3-store-on-road.ts';
import { sharedS3 } from '../../testing/store-kinds.ts';
import { storedFile } from '../../testing/stored-file.ts';
import type { StoredFile } from '../store.ts';

/** What goes over the road to S3, and what may happen there. */

describe('a store in S3', { skip: skipS3 }, () => {
  test('knows its own write again when the answer was lost', async (t) => {
    const { store, road } = await openS3StoreOnRoad(t);
    road.next(/^PUT .*000001\.yaml/, 'answer lost');
    assert.equal(await store.create('_revisions/000001.yaml', Buffer.from('mine')), true);
    road.next(/^PUT .*000001\.yaml/, 'answer lost');
    assert.equal(await store.create('_revisions/000001.yaml', Buffer.from('mine')), false);
    road.next(/^PUT .*\.folder\.json/, 'answer lost');
    assert.equal(await store.createFolder('m/1', [storedFile('a', 'mine')]), true);
    assert.equal(await store.createFolder('m/1', [storedFile('a', 'mine')]), false);
  });

  test('tries again what was lost on the way, but not an answer that broke off', async (t) => {
    const { store, road, url } = await openS3StoreOnRoad(t);
    await store.createFolder('m/1', [storedFile('a', 'content')]);
    road.next(/^GET .*_blobs/, 'answer lost');
    assert.equal((await store.read('m/1/a')).toString(), 'content');
    road.next(/^GET .*_blobs/, 'answer cut');
    await assert.rejects(store.read('m/1/a'), {
      code: 'STORE_UNAVAILABLE',
      message: `${url} cannot be used: ${road.url} does not answer: aborted`,
    });
    road.next(/^GET .*_blobs/, 'answer cut');
    await assert.rejects(store.localFolder('m/1'), { code: 'STORE_UNAVAILABLE' });
    assert.equal(await readFile(`${await store.localFolder('m/1')}/a`, 'utf8'), 'content');
  });

  test('gives a large file up whose reading fails, and leaves nothing behind', async (t) => {
    const { store, keys, road } = await openS3StoreOnRoad(t);
    let readings = 0;
    const failing: StoredFile = {
      path: 'large',
      open: async function* () {
        readings += 1;
        for (let index = 0; index < 20; index += 1) yield Buffer.alloc(1024 * 1024, index);
        if (readings > 1) throw new Error('gone');
      },
    };
    await assert.rejects(store.createFolder('m/1', [failing]), { message: 'gone' });
    assert.deepEqual(await keys(), []);
    assert.ok(road.passed().some((line) => /^DELETE .*uploadId=/.test(line)));
  });

  test('refuses a file that changes while it is stored', async (t) => {
    const { store, keys } = await openS3StoreOnRoad(t);
    let readings = 0;
    const changing: StoredFile = {
      path: 'a',
      open: async function* () {
        readings += 1;
        yield Buffer.alloc(10, readings);
      },
    };
    await assert.rejects(store.createFolder('m/1', [changing]), /a was changed while it was stored/);
    assert.deepEqual(await keys(), []);
  });

  for (const blobs of [0, 3]) {
    test(`what comes before and after ${blobs} blobs is seen, and nothing of it twice`, async (t) => {
      const { store, bucket } = await openS3StoreOnRoad(t);
      const names = Array.from({ length: 12 }, (_, index) => `M${10 + index}`);
      const models = [...names, '_revisions', 'a', 'z'];
      for (let index = 0; index < blobs; index += 1) await bucket.put(`_blobs/${index}`, Buffer.from('x'));
      await Promise.all(models.map((model) => bucket.put(`${model}/1`, Buffer.from('x'))));
      for (const each of [store, await store.look()]) {
        assert.deepEqual((await each.folders('')).sort(), models);
        assert.deepEqual(
          (await each.files('')).sort(),
          models.map((model) => `${model}/1`),
        );
      }
    });
  }

  test('a look at five hundred releases is two requests, and so are all questions about them', async (t) => {
    const { url, again, road } = await openS3StoreOnRoad(t);
    const root = join((await sharedS3()).folder, new URL(url).pathname);
    const put = async (path: string, content: string): Promise<void> => {
      await mkdir(dirname(join(root, path)), { recursive: true });
      await writeFile(join(root, path), content);
    };
    for (let index = 0; index < 500; index += 1) {
      for (const blob of ['a', 'b', 'c']) await put(`_blobs/${index}${blob}`, 'x');
      await put(`model-${index % 50}/${index}.0.0/.folder.json`, '{"files": []}');
    }
    await put('_revisions/000001.yaml', 'revision: 1');
    const seen = await again().look();
    const models = (await seen.folders('')).filter((name) => !name.startsWith('_'));
    let releases = 0;
    for (const model of models) {
      releases += (await seen.folders(model)).length;
      await seen.tag(model);
      await assert.rejects(seen.read(`${model}/config.pbtxt`), /there is no/);
    }
    assert.deepEqual(await seen.files('_revisions'), ['000001.yaml']);
    assert.deepEqual([models.length, releases], [50, 500]);
    const passed = road.passed();
    assert.equal(passed.length, 2, passed.join('\n'));
  });
});
