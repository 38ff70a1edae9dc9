/**
 * Stores a file and a folder that are larger than the disk: `fill-disk.ts <folder of a small disk>`. Prints as
 * JSON what came of it, and what is there afterwards.
 */
import { readdir } from 'node:fs/promises';
import { openStore } from '../store/open-store.ts';

const [folder = ''] = process.argv.slice(2);
const store = openStore(`file:${folder}`);

const failureOf = (done: Promise<boolean>): Promise<unknown> =>
  done.catch(({ code, message }: { code: string; message: string }) => ({ code, message }));

const large = async function* (): AsyncGenerator<Uint8Array> {
  for (let index = 0; index < 100; index += 1) yield Buffer.alloc(100_000);
};
const small = async function* (): AsyncGenerator<Uint8Array> {
  yield Buffer.alloc(10);
};

const made = await failureOf(
  store.createFolder('m/1', [
    { path: 'small', open: small },
    { path: 'large', open: large },
  ]),
);
const created = await failureOf(store.create('_revisions/1', Buffer.alloc(10_000_000)));
const left = await readdir(folder, { recursive: true });
const fits = await store.createFolder('m/1', [{ path: 'small', open: small }]);
console.log(JSON.stringify({ made, created, left: left.sort(), fits }));
