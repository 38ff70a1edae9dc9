import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { storeKinds } from '../testing/store-kinds.ts';
import { gathered, storedFile } from '../testing/stored-file.ts';
import type { StoredFile } from './store.ts';

/** What every store promises of the folders that it makes. */

const broken: StoredFile = {
  path: 'broken',
  open: async function* () {
    yield Buffer.alloc(10);
    throw new Error('gone');
  },
};

for (const kind of storeKinds) {
  describe(`a folder of a store in ${kind.name}`, { skip: kind.skip }, () => {
    test('of many who create the same folder at once exactly one wins, with all its files and no others', async (t) => {
      const { store, again } = await kind.open(t);
      const folderOf = (value: number) => [
        storedFile('model.onnx', Buffer.alloc(100_000, value)),
        storedFile(`deep/${value}`, Buffer.alloc(10, value)),
      ];
      const created = await Promise.all(
        Array.from({ length: 10 }, (_, index) => again().createFolder('m/1.0.0', folderOf(index))),
      );
      assert.equal(created.filter(Boolean).length, 1);
      const winner = created.indexOf(true);
      assert.deepEqual((await store.files('m/1.0.0')).sort(), [`deep/${winner}`, 'model.onnx']);
      assert.deepEqual(await store.read('m/1.0.0/model.onnx'), Buffer.alloc(100_000, winner));
    });

    test('the files of a folder are seen from above, from within, and on the local disk', async (t) => {
      const { store } = await kind.open(t);
      await store.createFolder('m/1.0.0', [
        storedFile('a', Buffer.alloc(10, 1)),
        storedFile('deep/er/b', Buffer.alloc(0, 2)),
        storedFile('.published.json', Buffer.alloc(3, 3)),
      ]);
      for (const each of [store, await store.look()]) {
        assert.deepEqual(await each.folders(''), ['m']);
        assert.deepEqual(await each.folders('m'), ['1.0.0']);
        assert.deepEqual(await each.folders('m/1.0.0'), ['deep']);
        assert.deepEqual(await each.folders('m/1.0.0/deep'), ['er']);
        assert.deepEqual(await each.files('m/1.0.0/deep'), ['er/b']);
        assert.deepEqual((await each.files('m')).sort(), [
          '1.0.0/.published.json',
          '1.0.0/a',
          '1.0.0/deep/er/b',
        ]);
        assert.deepEqual(await each.read('m/1.0.0/deep/er/b'), Buffer.alloc(0));
        const local = await each.localFolder('m/1.0.0');
        assert.deepEqual(await readFile(`${local}/a`), Buffer.alloc(10, 1));
        assert.deepEqual(await readFile(`${local}/deep/er/b`), Buffer.alloc(0));
      }
    });

    test('a large file comes back as it was', async (t) => {
      const { store } = await kind.open(t);
      const chunks = Array.from({ length: 40 }, (_, index) => Buffer.alloc(1_000_003, index));
      const large: StoredFile = {
        path: 'large',
        open: async function* () {
          yield* chunks;
        },
      };
      assert.equal(await store.createFolder('m/1', [large]), true);
      const whole = Buffer.concat(chunks);
      assert.ok(whole.equals(await store.read('m/1/large')));
      assert.ok(whole.equals(await gathered(store.open('m/1/large'))));
      assert.ok(whole.equals(await readFile(`${await store.localFolder('m/1')}/large`)));
    });

    test('a folder of which one file cannot be read is not made', async (t) => {
      const { store } = await kind.open(t);
      await assert.rejects(
        store.createFolder('m/1.0.0', [storedFile('a', Buffer.alloc(10, 1)), broken]),
        /gone/,
      );
      assert.deepEqual(await store.folders(''), []);
      assert.equal(await store.createFolder('m/1.0.0', [storedFile('a', Buffer.alloc(10, 1))]), true);
    });

    test('where a file lies already, copied by hand or not, no folder is made', async (t) => {
      const { store, put } = await kind.open(t);
      await put('m/1/model.onnx', 'by hand');
      await store.createFolder('m/2', [storedFile('deep/a', Buffer.alloc(10, 1))]);
      for (const path of ['m/1', 'm/2', 'm/2/deep', 'm'])
        assert.equal(await store.createFolder(path, [storedFile('x', Buffer.alloc(10, 1))]), false, path);
      assert.equal(await store.create('m/2/deep/a', Buffer.from('x')), false);
      assert.deepEqual((await store.files('')).sort(), ['m/1/model.onnx', 'm/2/deep/a']);
    });

    for (const [what, paths, message] of [
      ['none', [], /a folder without files/],
      ['one outside', ['a', '../b'], /\.\.\/b leaves its folder/],
      ['one outside, deep', ['a/../../b'], /leaves its folder/],
      ['an absolute one', ['/etc/passwd'], /leaves its folder/],
      ['one without a name', ['a//b'], /leaves its folder/],
      ['one with a NUL', ['a\0b'], /leaves its folder/],
      ['the same twice', ['a', 'b', 'a'], /a is there twice/],
      ['a file that is a folder, too', ['a/b', 'a'], /a cannot be both a file and a folder/],
    ] as const) {
      test(`files that make no folder are refused: ${what}`, async (t) => {
        const { store } = await kind.open(t);
        const files = paths.map((path) => storedFile(path, Buffer.alloc(10, 1)));
        await assert.rejects(store.createFolder('m/1', files), message);
        assert.deepEqual(await store.files(''), []);
      });
    }

    test('many who want the same folder on the local disk get it whole', async (t) => {
      const { again, store } = await kind.open(t);
      await store.createFolder('m/1', [
        storedFile('a', Buffer.alloc(1_000_000, 1)),
        storedFile('b', Buffer.alloc(1_000_000, 2)),
      ]);
      const folders = await Promise.all(Array.from({ length: 8 }, () => again().localFolder('m/1')));
      for (const folder of folders) {
        assert.deepEqual(await readFile(`${folder}/a`), Buffer.alloc(1_000_000, 1));
        assert.deepEqual(await readFile(`${folder}/b`), Buffer.alloc(1_000_000, 2));
      }
    });
  });
}
