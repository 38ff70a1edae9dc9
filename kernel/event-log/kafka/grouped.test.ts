import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { type Batched, grouped } from './grouped.ts';
import { batchOf } from './testing/written.ts';

const require = createRequire(import.meta.url);
const group = require('kafkajs/src/producer/groupMessagesPerPartition') as (options: object) => unknown;

const messageOf = (text: string) => ({
  message: { key: Buffer.from(text), value: Buffer.from(text), headers: [] },
});
const batches = new Map([
  [1, batchOf(['a', 'b'].map(messageOf))],
  [0, batchOf(['c'].map(messageOf))],
]);
const partitioner = ({ message }: { readonly message: Batched }): number => message.partition;
const options = { topic: 't', partitionMetadata: [{}, {}], partitioner, messages: grouped(batches) };

test('kafkajs has batches in the place of the lists that it would make', () => {
  const groups = group(options) as Record<number, { readonly length: number }>;
  assert.deepEqual(Object.keys(groups), ['0', '1']);
  assert.equal(groups[0], batches.get(0));
  assert.equal(groups[1], batches.get(1));
  assert.deepEqual([groups[0]?.length, groups[1]?.length], [1, 2]);
});

test('a send that was given up ends here, too', () => {
  const givenUp = (): number => {
    throw new Error('given up');
  };
  assert.throws(() => group({ ...options, partitioner: givenUp }), /given up/);
});
