import assert from 'node:assert/strict';
import { test } from 'node:test';
import { murmur2, partitionAt, partitionOf } from './murmur2.ts';

/** From UtilsTest of apache/kafka. */
const hashes: readonly (readonly [text: string, hash: number])[] = [
  ['21', -973932308],
  ['foobar', -790332482],
  ['a-little-bit-long-string', -985981536],
  ['a-little-bit-longer-string', -1486304829],
  ['lkjh234lh9fiuh90y23oiuhsafujhadof229phr9h19h89h8', -58897971],
  ['abc', 479470107],
];

for (const [text, hash] of hashes) {
  test(`the hash of ${text} is the one of Kafka's Java client`, () => {
    assert.equal(murmur2(Buffer.from(text)), hash);
  });
}

test('a key that is a part of other bytes has the partition that it has alone', () => {
  for (const [text] of hashes) {
    const bytes = Buffer.from(`before${text}behind`);
    const end = bytes.length - 'behind'.length;
    assert.equal(partitionAt(bytes, 'before'.length, end, 1_000), partitionOf(Buffer.from(text), 1_000));
  }
});

test('every key has a partition, the empty one and those of any bytes too', () => {
  for (let length = 0; length < 300; length += 1) {
    const partition = partitionOf(Buffer.alloc(length, 0xff), 7);
    assert.ok(Number.isInteger(partition) && partition >= 0 && partition < 7, `${length}`);
  }
});
