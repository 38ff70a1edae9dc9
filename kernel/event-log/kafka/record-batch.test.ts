import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import fc from 'fast-check';
import { crc32c } from './crc32c.ts';
import { type BatchRecord, RecordBatch, shareHeaders } from './record-batch.ts';
import { written } from './testing/written.ts';

const require = createRequire(import.meta.url);

interface Decoded {
  readonly firstTimestamp: string;
  readonly maxTimestamp: string;
  readonly producerId: string;
  readonly producerEpoch: number;
  readonly firstSequence: number;
  readonly lastOffsetDelta: number;
  readonly inTransaction: boolean;
  readonly records: readonly {
    readonly offset: string;
    readonly timestamp: string;
    readonly key: Buffer | null;
    readonly value: Buffer | null;
    readonly headers: Readonly<Record<string, Buffer | readonly Buffer[]>>;
  }[];
}

const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => unknown;
const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (from: unknown) => Promise<Decoded>;

test('the checksum is CRC-32C', () => {
  assert.equal(crc32c(Buffer.from('123456789')), 0xe3069283);
  assert.equal(crc32c(Buffer.alloc(32)), 0x8a9136aa);
  assert.equal(crc32c(Buffer.from('xx123456789yy'), 2, 11), 0xe3069283);
});

const bitByBit = (bytes: Buffer): number => {
  let crc = -1;
  for (const byte of bytes) {
    crc ^= byte;
    for (let bit = 0; bit < 8; bit += 1) crc = crc & 1 ? (crc >>> 1) ^ 0x82f63b78 : crc >>> 1;
  }
  return ~crc >>> 0;
};

test('the checksum is the same wherever the bytes lie, however many they are', () => {
  const memory = Buffer.from(Array.from({ length: 64 }, (_, at) => (at * 37 + 11) & 0xff));
  for (let place = 0; place < 8; place += 1)
    for (let start = 0; start < 5; start += 1)
      for (let end = start; end < 40; end += 1) {
        const wanted = bitByBit(memory.subarray(place + start, place + end));
        assert.equal(crc32c(memory.subarray(place), start, end), wanted, `${place}, ${start} to ${end}`);
      }
});

const bytes = fc.oneof(
  fc.uint8Array({ maxLength: 200 }),
  fc.nat({ max: 20_000 }).map((length) => new Uint8Array(length)),
);
const buffer = bytes.map((content) => Buffer.from(content));
/** kafkajs itself takes names that every object has for others. */
const headerName = fc.string({ unit: 'grapheme' }).map((name) => `h${name}`);
const message = fc.record({
  key: buffer,
  value: fc.option(buffer),
  headers: fc.uniqueArray(fc.tuple(headerName, buffer), {
    selector: ([name]) => name,
    maxLength: 10,
  }),
});
const record: fc.Arbitrary<BatchRecord> = fc.record({
  message,
  shared: fc.constantFrom([], [['first', Buffer.from('1')]] as const).map(shareHeaders),
  timestampMs: fc.nat({ max: 2 ** 48 - 1 }),
});
const producer = fc.record({
  producerId: fc.bigInt({ min: -1n, max: 2n ** 63n - 1n }).map(String),
  producerEpoch: fc.nat({ max: 2 ** 15 - 1 }),
  firstSequence: fc.nat({ max: 2 ** 31 - 1 }),
  isTransactional: fc.boolean(),
});

test('what is written is what kafkajs reads', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(record, { minLength: 1, maxLength: 70 }), producer, async (records, by) => {
      const batch = written(records, by);
      assert.equal(batch.readUInt32BE(17), crc32c(batch.subarray(21)));
      const read = await decode(new Decoder(batch));
      assert.equal(read.producerId, by.producerId);
      assert.equal(read.producerEpoch, by.producerEpoch);
      assert.equal(read.firstSequence, by.firstSequence);
      assert.equal(read.inTransaction, by.isTransactional);
      assert.equal(read.lastOffsetDelta, records.length - 1);
      assert.equal(read.records.length, records.length);
      const times = read.records.map(({ timestamp }) => Number(timestamp));
      assert.equal(Number(read.firstTimestamp), times[0]);
      assert.equal(Number(read.maxTimestamp), Math.max(...times));
      for (const [index, { message, shared, timestampMs }] of records.entries()) {
        const { key, value, headers } = message;
        const found = read.records[index];
        assert.equal(found?.offset, String(index));
        assert.deepEqual(found.key, key);
        assert.deepEqual(found.value, value);
        const before = shared.count === 0 ? [] : [['first', Buffer.from('1')] as const];
        assert.deepEqual(
          Object.entries(found.headers),
          Object.entries(Object.fromEntries([...before, ...headers])),
        );
        assert.equal(times[index], timestampMs);
      }
    }),
    { numRuns: 50 },
  );
});

test('a header whose name comes again is written as often', async () => {
  const headers = [
    ['name', Buffer.from('1')],
    ['name', Buffer.from('2')],
  ] as const;
  const message = { key: Buffer.from('k'), value: null, headers };
  const { records } = await decode(new Decoder(written([{ message }])));
  assert.deepEqual(records[0]?.headers, { name: [Buffer.from('1'), Buffer.from('2')] });
});

test('what would make a batch too large is left out of it', () => {
  const batch = new RecordBatch();
  const shared = shareHeaders([]);
  const add = (bytes: number, maxBytes: number): number =>
    batch.add(
      { message: { key: Buffer.from('k'), value: Buffer.alloc(bytes), headers: [] }, shared, timestampMs: 1 },
      maxBytes,
    );
  const first = add(100, 1_000);
  assert.equal(first, batch.bytes);
  const wanted = add(2_000, 1_000);
  assert.ok(wanted > 2_000);
  assert.deepEqual([batch.length, batch.bytes], [1, first]);
  assert.equal(add(2_000, wanted), wanted);
  assert.deepEqual([batch.length, batch.bytes], [2, wanted]);
});
