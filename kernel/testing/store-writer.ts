/**
 * A process that stores folders until it is killed: `store-writer.ts <url> <model>`. Each version has files
 * of bytes of its number; what is stored is said on standard output.
 */
import { openStore } from '../store/open-store.ts';
import type { StoredFile } from '../store/store.ts';

const [url = '', model = ''] = process.argv.slice(2);
const store = openStore(url);

const file = (path: string, value: number): StoredFile => ({
  path,
  open: async function* () {
    for (let chunk = 0; chunk < 20; chunk += 1) yield Buffer.alloc(10_000, value);
  },
});

for (let version = 1; ; version += 1) {
  const files = ['model.onnx', 'sluice.yaml', 'deep/data', 'golden.jsonl'].map((path) => file(path, version));
  await store.createFolder(`${model}/${version}.0.0`, files);
  console.log(version);
}
