import assert from 'node:assert/strict';
import { test } from 'node:test';
import { parseKafkaUrl } from './parse-url.ts';

test('a Kafka is named by the addresses of some brokers; the usual port may be left out', () => {
  for (const [url, brokers] of [
    ['kafka://one:9092', ['one:9092']],
    ['kafka://one', ['one:9092']],
    ['kafka://127.0.0.1:1234,two.example.com:5/', ['127.0.0.1:1234', 'two.example.com:5']],
    ['kafka://[::1]:9094', ['[::1]:9094']],
  ] as const)
    assert.deepEqual(parseKafkaUrl(url), brokers, url);
});

for (const url of [
  '',
  'kafka:',
  'kafka://',
  'kafka:one:9092',
  'kafka://one:0',
  'kafka://one:65536',
  'kafka://one,',
  'kafka://user@one',
  'kafka://one/topic',
  'kafka://one?x=1',
  'lmdb:folder',
]) {
  test(`'${url}' is refused`, () => {
    assert.throws(() => parseKafkaUrl(url), {
      code: 'INVALID_INPUT',
      message: /^EVENT_LOG_URL: expected kafka:/,
    });
  });
}
