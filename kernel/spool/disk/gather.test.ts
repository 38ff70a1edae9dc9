import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { partitionOf } from '../../event-log/embedded/murmur2.ts';
import type { Header } from '../../event-log/event-log.ts';
import type { SpoolEntry } from '../spool.ts';
import { idOf as idOfTime } from '../testing/entries.ts';
import { entryValue, idOf, keyOf, pushHeaders, timestampAt, topicAt } from './entry.ts';
import { Gather } from './gather.ts';
import { eachEntry } from './stretch.ts';
import { bytesAt, entriesAt, lastAt } from './tally.ts';

const partitions = 4;
const topics = ['one', 'two'];

const text = fc.oneof(fc.string({ maxLength: 60 }), fc.string({ unit: 'grapheme', maxLength: 60 }));
const bytes = fc.uint8Array({ maxLength: 2_000 }).map((array) => Buffer.from(array));
/** The lists are the same objects, so that neighbours have the very headers of each other, or of the last but one. */
const lists: readonly (readonly Header[])[] = [
  [],
  [['ce_subject', Buffer.from('churn')]],
  [
    ['ce_subject', Buffer.from('Überfall')],
    ['größe', Buffer.alloc(0)],
  ],
];

const anyEntry = fc.record({
  topic: fc.constantFrom(...topics),
  id: fc.tuple(fc.nat(2 ** 40), fc.nat()).map(([timeMs, number]) => idOfTime(timeMs, number)),
  key: text,
  value: bytes,
  headers: fc.oneof(
    fc.constantFrom(...lists),
    fc.array(fc.tuple(text, bytes) as fc.Arbitrary<Header>, { maxLength: 3 }),
  ),
  traceparent: fc.constantFrom('', `00-${'a'.repeat(32)}-${'1'.repeat(16)}-01`),
  timestampMs: fc.nat(2 ** 40),
});

const append = (gather: Gather, entry: SpoolEntry): void =>
  gather.add(entry, topics.indexOf(entry.topic), gather.boundOf(entry));

const read = (block: Buffer, at: number): SpoolEntry => {
  const headers: Header[] = [];
  pushHeaders(block, at, headers);
  return {
    topic: topics[topicAt(block, at)] ?? '',
    id: idOf(block, at).toString(),
    key: keyOf(block, at).toString(),
    value: Buffer.from(entryValue(block, at)),
    headers: headers.map(([name, content]) => [name, Buffer.from(content)]),
    timestampMs: timestampAt(block, at),
  };
};

/** With the traceparent among the headers, as it is read. */
const asRead = ({ traceparent = '', headers, ...entry }: SpoolEntry): SpoolEntry => ({
  ...entry,
  headers: traceparent === '' ? headers : [...headers, ['traceparent', Buffer.from(traceparent)]],
});

test('entries come out of blocks as they were put in, each in the count of its partition', () => {
  fc.assert(
    fc.property(fc.array(fc.array(anyEntry, { minLength: 1, maxLength: 20 }), { maxLength: 4 }), (blocks) => {
      const gather = new Gather(topics.length, partitions);
      let first = 7;
      for (const entries of blocks) {
        for (const entry of entries) append(gather, entry);
        const block = gather.take(first, 1);
        const found: SpoolEntry[] = [];
        eachEntry(block.bytes, (at) => found.push(read(block.bytes, at)));
        assert.deepEqual(found, entries.map(asRead));
        const last = entries.findLastIndex(({ topic }) => topic === 'two');
        const { key = '' } = entries[last] ?? {};
        const place = partitions + partitionOf(Buffer.from(key), partitions);
        if (last >= 0) assert.equal(lastAt(block.tally, place), first + last);
        const places = topics.flatMap((_, index) =>
          Array.from({ length: partitions }, (_, at) => index * partitions + at),
        );
        const sum = (of: typeof bytesAt): number =>
          places.reduce((total, at) => total + of(block.tally, at), 0);
        assert.deepEqual([sum(entriesAt), sum(bytesAt)], [entries.length, block.bytes.length - 32]);
        gather.giveBack(block);
        first += entries.length;
      }
    }),
    { numRuns: 60 },
  );
});
