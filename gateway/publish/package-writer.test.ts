import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { type TestContext, test } from 'node:test';
import { sha256 } from '@sluice/kernel/release/digest';
import { temporaryStore } from '@sluice/kernel/testing/temporary-store';
import fc from 'fast-check';
import { PackageWriter } from './package-writer.ts';

const contents = { 'a/b.bin': Buffer.alloc(300, 1), empty: Buffer.alloc(0), 'c.txt': Buffer.from('text') };
const files = Object.entries(contents).map(([path, bytes]) => ({
  path,
  size: bytes.length,
  sha256: sha256(bytes),
}));
const whole = Buffer.concat(Object.values(contents));

const write = async (t: TestContext, chunks: readonly Uint8Array[]): Promise<string> => {
  const { folder } = await temporaryStore(t);
  await using writer = new PackageWriter(folder, files);
  for (const chunk of chunks) await writer.write(chunk);
  await writer.end();
  return folder;
};

test('bytes become files, however they are cut', async (t) => {
  await fc.assert(
    fc.asyncProperty(fc.array(fc.nat(whole.length), { maxLength: 6 }), async (cuts) => {
      const at = [0, ...cuts.sort((a, b) => a - b), whole.length];
      const chunks = at.slice(1).map((end, index) => whole.subarray(at[index], end));
      const folder = await write(t, chunks);
      for (const [path, bytes] of Object.entries(contents))
        assert.deepEqual(await readFile(`${folder}/${path}`), bytes);
    }),
    { numRuns: 30 },
  );
});

test('any byte too few, too many or changed is a fault', async (t) => {
  const broken = Buffer.from(whole);
  broken[299] = 2;
  for (const [bytes, message] of [
    [whole.subarray(1), /the SHA-256|before its end/],
    [whole.subarray(0, -1), /c\.txt: the stream ended 1 bytes before its end/],
    [Buffer.concat([whole, Buffer.of(0)]), /more bytes came/],
    [broken, /a\/b\.bin: expected the SHA-256/],
  ] as const)
    await assert.rejects(write(t, [bytes]), { code: 'INVALID_INPUT', message });
});
