import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { type OpenedStore, storeKinds } from '../testing/store-kinds.ts';
import { storedFile } from '../testing/stored-file.ts';
import type { Store } from './store.ts';

const writer = join(import.meta.dirname, '../testing/store-writer.ts');

/** Kills a process that stores one folder after the other; how many it said to have stored. */
const killedWriter = async ({ url }: Store, model: string, afterMs: number): Promise<number> => {
  const child = spawn(process.execPath, [writer, url, model], { stdio: ['ignore', 'pipe', 'inherit'] });
  const said: string[] = [];
  child.stdout.setEncoding('utf8').on('data', (text: string) => said.push(text));
  await once(child.stdout, 'data');
  await pause(afterMs);
  child.kill('SIGKILL');
  await once(child, 'close');
  return said.join('').split('\n').filter(Boolean).length;
};

for (const kind of storeKinds) {
  describe(`a store in ${kind.name}`, { skip: kind.skip }, () => {
    test('a process that is killed at any moment leaves each folder whole or absent', async (t) => {
      const opened: OpenedStore = await kind.open(t);
      const { store } = opened;
      for (const afterMs of [0, 3, 7, 13, 29]) {
        const model = `killed-after-${afterMs}`;
        const said = await killedWriter(store, model, afterMs);
        const versions = await store.folders(model);
        assert.ok(versions.length === said || versions.length === said + 1, `${versions} of ${said}`);
        for (const version of versions) {
          const files = await store.files(`${model}/${version}`);
          assert.deepEqual(files.sort(), ['deep/data', 'golden.jsonl', 'model.onnx', 'sluice.yaml']);
          for (const file of files)
            assert.deepEqual(
              await store.read(`${model}/${version}/${file}`),
              Buffer.alloc(200_000, Number.parseInt(version, 10)),
            );
        }
        assert.equal(
          await store.createFolder(`${model}/${said + 2}.0.0`, [storedFile('a', Buffer.alloc(1, 1))]),
          true,
        );
      }
    });
  });
}
