import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { grouped } from './grouped.ts';
import type { ProducedMessage } from './produce-request.ts';
import { encodeHeaders } from './record-batch.ts';

const require = createRequire(import.meta.url);
const group = require('kafkajs/src/producer/groupMessagesPerPartition') as (options: object) => unknown;

const messageOf = (partition: number, text: string): ProducedMessage => {
  const [key, value] = [Buffer.from(text), Buffer.from(text)];
  const record = { key, value, shared: encodeHeaders([]), headers: [], timestampMs: undefined };
  return { key, value, partition, record };
};
const messages = ['a', 'b', 'c', 'd', 'e'].map((text, index) => messageOf(index % 2, text));
const partitioner = ({ message }: { readonly message: ProducedMessage }): number => message.partition;
const options = { topic: 't', partitionMetadata: [{}, {}], partitioner };

test('kafkajs has the same lists of them as of others, each in its order', () => {
  assert.deepEqual(
    group({ ...options, messages: grouped(messages) }),
    group({ ...options, messages: [...messages] }),
  );
});

test('a send that was given up ends here, too', () => {
  const givenUp = (): number => {
    throw new Error('given up');
  };
  assert.throws(() => group({ ...options, partitioner: givenUp, messages: grouped(messages) }), /given up/);
});
