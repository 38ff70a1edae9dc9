import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { describe, test } from 'node:test';
import { storeKinds } from '../testing/store-kinds.ts';
import { gathered, storedFile } from '../testing/stored-file.ts';

/** What every store promises of its files and lists, on a folder and on a real S3 server. */

for (const kind of storeKinds) {
  describe(`a store in ${kind.name}`, { skip: kind.skip }, () => {
    test('what is created can be read, and is not written a second time', async (t) => {
      const { store } = await kind.open(t);
      assert.equal(await store.create('a/b/c.txt', Buffer.from('first')), true);
      assert.equal(await store.create('a/b/c.txt', Buffer.from('second')), false);
      assert.equal((await store.read('a/b/c.txt')).toString(), 'first');
      assert.equal((await gathered(store.open('a/b/c.txt'))).toString(), 'first');
    });

    test('of many who create the same file at once exactly one wins, and its bytes are whole', async (t) => {
      const { store, again } = await kind.open(t);
      const contents = Array.from({ length: 20 }, (_, index) => Buffer.alloc(100_000, index));
      const created = await Promise.all(contents.map((bytes) => again().create('x/file', bytes)));
      assert.equal(created.filter(Boolean).length, 1);
      assert.deepEqual(await store.read('x/file'), contents[created.indexOf(true)]);
      assert.deepEqual(await store.files('x'), ['file']);
    });

    test('a file that is not finished is not seen', async (t) => {
      const { store, again } = await kind.open(t);
      const writing = again().create('m/1/model.onnx', Buffer.alloc(5_000_000, 1));
      let isWritten = false;
      void writing.then(() => {
        isWritten = true;
      });
      while (!isWritten) {
        const read = store.read('m/1/model.onnx').then(({ length }) => length);
        const size = await read.catch(() => 'nothing' as const);
        assert.ok(size === 'nothing' || size === 5_000_000, `${size}`);
      }
      assert.equal(await writing, true);
    });

    test('a path that leads out of the store is refused everywhere', async (t) => {
      const { store } = await kind.open(t);
      for (const path of ['..', '../x', 'a/../../x', 'a/./b', '/etc']) {
        const refused = { message: `${path} leaves the store` };
        for (const ask of [store.folders, store.files, store.read, store.tag, store.localFolder])
          await assert.rejects(ask(path), refused);
        await assert.rejects(store.create(path, Buffer.alloc(1)), refused);
        await assert.rejects(store.createFolder(path, [storedFile('a', Buffer.alloc(1, 1))]), refused);
        await assert.rejects(gathered(store.open(path)), refused);
      }
    });

    test('what was copied by hand is listed, what is hidden is no folder', async (t) => {
      const { store, put } = await kind.open(t);
      for (const path of ['a/1/x', 'a/1/sub/y', '.hidden/x', 'b/x', 'Z/x', '_revisions/1', 'file'])
        await put(path, 'x');
      for (const each of [store, await store.look()]) {
        assert.deepEqual((await each.folders('')).sort(), ['Z', '_revisions', 'a', 'b']);
        assert.deepEqual((await each.files('a')).sort(), ['1/sub/y', '1/x']);
        assert.deepEqual(await each.folders('a/1'), ['sub']);
        assert.equal((await each.read('a/1/x')).toString(), 'x');
      }
      assert.equal(await readFile(`${await store.localFolder('a/1')}/sub/y`, 'utf8'), 'x');
    });

    test('what is not there has no folders and no files, and cannot be read', async (t) => {
      const { store, put } = await kind.open(t);
      await put('file', 'x');
      for (const each of [store, await store.look()])
        for (const path of ['nothing', 'nothing/below', 'file/below']) {
          assert.deepEqual(await each.folders(path), []);
          assert.deepEqual(await each.files(path), []);
          await assert.rejects(each.read(path));
          await assert.rejects(gathered(each.open(path)));
        }
    });

    test('what was written after a look is seen by the next one', async (t) => {
      const { store, again } = await kind.open(t);
      await store.look();
      await again().createFolder('m/1', [storedFile('a', Buffer.alloc(10, 1))]);
      assert.deepEqual(await (await store.look()).files(''), ['m/1/a']);
    });

    test('the tag of a folder changes with its files, and only with them', async (t) => {
      const { store, put } = await kind.open(t);
      const tags: string[] = [];
      const look = async () => tags.push(await store.tag('m'), await (await store.look()).tag('m'));
      await look();
      await put('m/1/a', 'one');
      await look();
      await put('m/1/a', 'two');
      await look();
      await put('m/1/b', 'two');
      await put('other/1/b', 'two');
      await look();
      await put('other/1/b', 'three');
      await store.createFolder('m/2', [storedFile('x', Buffer.alloc(10, 1))]);
      await look();
      assert.equal(new Set(tags).size, 5);
      for (let index = 0; index < tags.length; index += 2) assert.equal(tags[index], tags[index + 1]);
    });
  });
}
