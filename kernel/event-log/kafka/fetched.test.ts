import assert from 'node:assert/strict';
import { createRequire } from 'node:module';
import { test } from 'node:test';
import type { KafkaMessage } from 'kafkajs';
import { receivedOf } from './fetched.ts';
import { written } from './testing/written.ts';

const require = createRequire(import.meta.url);
const Decoder = require('kafkajs/src/protocol/decoder') as new (bytes: Buffer) => unknown;
const decode = require('kafkajs/src/protocol/recordBatch/v0/decoder') as (
  from: unknown,
) => Promise<{ readonly records: readonly KafkaMessage[] }>;

for (const name of ['constructor', '__proto__', 'toString'])
  test(`a header called ${name} is a header like any other`, async () => {
    const headers = [
      [name, Buffer.from('1')],
      ['other', Buffer.from('2')],
    ] as const;
    const message = { key: Buffer.from('k'), value: null, headers };
    const { records } = await decode(new Decoder(written([{ message }])));
    const received = records.map((message) => receivedOf('t', 0, message));
    assert.deepEqual(received[0]?.headers, headers);
  });
