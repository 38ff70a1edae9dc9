import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { publicationOf } from '@sluice/kernel/testing/publication';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import { startWatch, watchReading } from '../testing/start-watch.ts';

const model = identityModel([{ datatype: 'FP32', shape: ['N', 2] }]);

test('an empty store has no models, and revision 0 is in force', async (t) => {
  const { watch } = await startWatch(t);
  await watch.start();
  assert.deepEqual([watch.index.size, watch.revision.revision], [0, 0]);
});

test('releases are found when they come, the highest first, and are read once', async (t) => {
  const { watch, put, versions } = await startWatch(t);
  await put('m/1/model.onnx', model);
  await watch.start();
  const [first] = watch.index.get('m') ?? [];
  await put('m/1.2.0/model.onnx', model);
  assert.deepEqual(versions(), ['1 good']);
  await watch.refresh();
  assert.deepEqual(versions(), ['1 good'], 'a copy is seen once it is the same twice');
  await watch.refresh();
  assert.deepEqual(versions(), ['1.2.0 good', '1 good']);
  assert.equal(watch.index.get('m')?.[1], first);
});

test('a broken release is known with its fault, reported once, and read again', async (t) => {
  const { watch, put, versions, messages } = await startWatch(t);
  await put('m/1/model.onnx', model);
  await put('m/2/model.onnx', 'not yet');
  await watch.start();
  assert.deepEqual(versions(), ['2 broken', '1 good']);
  const [message, ...more] = messages();
  assert.match(message ?? '', /^m 2 cannot be served: model\.onnx: this is not an ONNX model/);
  await watch.refresh();
  assert.deepEqual([more, messages()], [[], []]);
  await put('m/2/model.onnx', model);
  await watch.refresh();
  assert.deepEqual(versions(), ['2 good', '1 good']);
});

test('a broken release is read again only when a file of its model was changed', async (t) => {
  const { store, put } = await temporaryStore(t);
  let reads = 0;
  const read = (path: string): Promise<Buffer> => {
    reads += 1;
    return store.read(path);
  };
  const watch = watchReading(store, read);
  await put('m/1/model.onnx', 'not yet');
  const readsOfLook = async (): Promise<number> => {
    reads = 0;
    await watch.refresh();
    return reads;
  };
  assert.deepEqual([(await readsOfLook()) > 0, await readsOfLook()], [true, 0]);
  await put('m/config.pbtxt', 'name: "m"');
  assert.deepEqual([(await readsOfLook()) > 0, await readsOfLook()], [true, 0]);
});

test('a release that cannot be read because the store is away is not broken, and what is known stays', async (t) => {
  const { store, put } = await temporaryStore(t);
  let away = false;
  const read = async (path: string): Promise<Buffer> => {
    if (away) throw new SluiceError('STORE_UNAVAILABLE', 'away');
    return store.read(path);
  };
  const watch = watchReading(store, read);
  await put('m/1/model.onnx', model);
  await watch.refresh();
  await put('m/2/model.onnx', model);
  await watch.refresh();
  const known = watch.index;
  away = true;
  await assert.rejects(watch.refresh(), { code: 'STORE_UNAVAILABLE' });
  assert.equal(watch.index, known);
  away = false;
  await watch.refresh();
  assert.deepEqual(
    watch.index.get('m')?.map((each) => [each.version, 'served' in each]),
    [
      ['2', true],
      ['1', true],
    ],
  );
});

test('a release that was read half copied is as it is after its model was read anew', async (t) => {
  const { watch, put } = await startWatch(t);
  const digest = (): string => {
    const [first] = watch.index.get('m') ?? [];
    return first !== undefined && 'served' in first ? first.served.release.digest : '';
  };
  await put('m/1/model.onnx', model);
  await watch.start();
  const before = digest();
  await put('m/1/card.md', 'came later');
  await watch.refresh();
  assert.equal(digest(), before);
  await watch.reread('other');
  assert.equal(digest(), before);
  await watch.reread('m');
  assert.notEqual(digest(), before);
});

test('a published release is seen at once, and whoever wants to know is told of it', async (t) => {
  const { watch, put, versions } = await startWatch(t);
  await watch.start();
  let news = 0;
  watch.onNews(() => {
    news += 1;
  });
  await watch.refresh();
  assert.equal(news, 0);
  await put('m/1/model.onnx', model);
  await put('m/1/.published.json', publicationOf(model));
  await watch.refresh();
  assert.deepEqual([versions(), news], [['1 good'], 1]);
});

test('a broken release is no news each time it is read', async (t) => {
  const { watch, put } = await startWatch(t);
  await put('m/1/model.onnx', 'broken');
  await watch.start();
  watch.onNews(() => assert.fail('there is no news'));
  await watch.refresh();
});

test('looking at the store while somebody looks is one look', async (t) => {
  const { watch } = await startWatch(t);
  assert.equal(watch.refresh(), watch.refresh());
  await watch.refresh();
});

test('what is new is found by polling alone', async (t) => {
  const { watch, put, versions } = await startWatch(t, { pollMs: 5 });
  await watch.start();
  await put('m/1/model.onnx', model);
  while (versions().length === 0) await new Promise((resolve) => setImmediate(resolve));
});
