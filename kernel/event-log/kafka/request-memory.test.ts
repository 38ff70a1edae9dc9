import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import { mendKafkajs } from './mend.ts';
import { bodyOf } from './request-memory.ts';

mendKafkajs();
const require = createRequire(import.meta.url);
const createRequest = require('kafkajs/src/protocol/request') as (of: object) => Promise<{ buffer: Buffer }>;
const Encoder = require('kafkajs/src/protocol/encoder') as new () => {
  writeString(text: string): unknown;
};

const body = 'b'.repeat(3_000);
const requestOf = async (clientId: string, encode: () => unknown): Promise<Buffer> => {
  const request = { apiKey: 0, apiVersion: 7, encode };
  return (await createRequest({ correlationId: 3, clientId, request })).buffer;
};

for (const [what, clientId] of [
  ['a name', 'sluice'],
  ['a name for which there is no room', 'c'.repeat(300)],
] as const)
  test(`a request of a client with ${what} is what kafkajs makes of it`, async () => {
    const made = await requestOf(clientId, () =>
      bodyOf(body.length + 2, (bytes) => {
        bytes.writeInt16BE(body.length, 0);
        bytes.write(body, 2);
      }),
    );
    assert.deepEqual(made, await requestOf(clientId, () => new Encoder().writeString(body)));
  });

test('a body is sent in the memory in which it was written', async () => {
  let memory: ArrayBufferLike | undefined;
  const made = await requestOf('sluice', () =>
    bodyOf(100_000, (bytes) => {
      memory = bytes.buffer;
    }),
  );
  assert.equal(made.buffer, memory);
});
