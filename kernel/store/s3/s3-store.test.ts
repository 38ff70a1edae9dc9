import assert from 'node:assert/strict';
import { readdir, readFile, writeFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { skipS3 } from '../../testing/s3-server.ts';
import { openS3StoreOnRoad } from '../../testing/s3-store-on-road.ts';
import { gathered, storedFile } from '../../testing/stored-file.ts';

describe('a store in S3', { skip: skipS3 }, () => {
  test('keeps a folder as one object that lists blobs, and the same bytes once', async (t) => {
    const { store, bucket, keys } = await openS3StoreOnRoad(t);
    await store.createFolder('m/1', [storedFile('b', 'same'), storedFile('a/x', 'same')]);
    await store.createFolder('m/2', [storedFile('c', 'same')]);
    const sha256 = '0967115f2813a3541eaef77de9d9d5773f1c0c04314b0bbfe4ff3b3b1c55b5d5';
    assert.deepEqual(await keys(), [`_blobs/${sha256}`, 'm/1/.folder.json', 'm/2/.folder.json']);
    const packed = await bucket.get('m/1/.folder.json');
    assert.ok(packed);
    assert.deepEqual(JSON.parse((await gathered(packed)).toString()), {
      files: [
        { path: 'a/x', size: 4, sha256 },
        { path: 'b', size: 4, sha256 },
      ],
    });
  });

  test('refuses a blob that is not what was stored, and keeps nothing of it', async (t) => {
    const { store, bucket, keys, cache } = await openS3StoreOnRoad(t);
    await store.createFolder('m/1', [storedFile('a', 'content')]);
    const [blob = ''] = await keys();
    await bucket.put(blob, Buffer.from('CONTENT'));
    const damaged = { message: new RegExp(`${blob} is damaged: its SHA-256 is [0-9a-f]{64}$`) };
    await assert.rejects(store.read('m/1/a'), damaged);
    await assert.rejects(store.localFolder('m/1'), damaged);
    assert.deepEqual(await readdir(cache, { recursive: true }), ['.staging']);
  });

  test('says which blob is missing', async (t) => {
    const { store, bucket, url } = await openS3StoreOnRoad(t);
    const sha256 = '0'.repeat(64);
    const files = [{ path: 'a', size: 1, sha256 }];
    await bucket.put('m/1/.folder.json', Buffer.from(JSON.stringify({ files })));
    await assert.rejects(store.read('m/1/a'), { message: `there is no _blobs/${sha256} in ${url}` });
  });

  for (const [what, content] of [
    ['no JSON', '{'],
    ['nothing', ''],
    ['something else', '{"files": [{"path": "a"}]}'],
    ['a hash that is none', '{"files": [{"path": "a", "size": 1, "sha256": "../../x"}]}'],
  ] as const) {
    test(`a .folder.json with ${what} in it is a fault of that folder alone`, async (t) => {
      const { store, bucket } = await openS3StoreOnRoad(t);
      await store.createFolder('m/1', [storedFile('a', 'content')]);
      await bucket.put('m/2/.folder.json', Buffer.from(content));
      const seen = await store.look();
      assert.deepEqual((await seen.folders('m')).sort(), ['1', '2']);
      assert.deepEqual(await seen.files('m/1'), ['a']);
      await assert.rejects(seen.files('m/2'), /m\/2\/\.folder\.json does not list the files of a folder/);
    });
  }

  test('files whose paths lead out of their folder never reach the local disk', async (t) => {
    const { store, bucket, cache } = await openS3StoreOnRoad(t);
    await bucket.put('_blobs/x', Buffer.from('x'));
    const files = [{ path: '../../evil', size: 1, sha256: '0'.repeat(64) }];
    await bucket.put('m/1/.folder.json', Buffer.from(JSON.stringify({ files })));
    await assert.rejects(store.localFolder('m/1'), /\.\.\/\.\.\/evil leaves its folder/);
    assert.deepEqual(await readdir(cache), []);
  });

  test('objects that a console made for folders are no files', async (t) => {
    const { store, bucket } = await openS3StoreOnRoad(t);
    for (const key of ['m/', 'm/1/', 'm/1/a']) await bucket.put(key, Buffer.alloc(0));
    assert.deepEqual(await store.files(''), ['m/1/a']);
    assert.deepEqual(await (await store.look()).folders('m'), ['1']);
  });

  test('reads what is on the local disk from there, unless it was changed there', async (t) => {
    const { again, road, store } = await openS3StoreOnRoad(t);
    await store.createFolder('m/1', [storedFile('a', 'content')]);
    const folder = await store.localFolder('m/1');
    road.passed();
    assert.equal((await store.read('m/1/a')).toString(), 'content');
    assert.ok(road.passed().every((line) => !line.includes('_blobs')));
    assert.equal(await again().localFolder('m/1'), folder);
    assert.ok(road.passed().every((line) => !line.includes('_blobs')));
    await writeFile(`${folder}/a`, 'CONTENT');
    assert.equal((await store.read('m/1/a')).toString(), 'content');
  });

  test('another object of the same name by hand is another folder on the local disk', async (t) => {
    const { store, bucket } = await openS3StoreOnRoad(t);
    await bucket.put('m/1/a', Buffer.from('one'));
    const first = await store.localFolder('m/1');
    await bucket.put('m/1/a', Buffer.from('two'));
    const second = await (await store.look()).localFolder('m/1');
    assert.deepEqual(await Promise.all([first, second].map((folder) => readFile(`${folder}/a`, 'utf8'))), [
      'one',
      'two',
    ]);
  });
});
