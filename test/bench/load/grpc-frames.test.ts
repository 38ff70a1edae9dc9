import assert from 'node:assert/strict';
import { test } from 'node:test';
import { framedBytes, frameMessages } from './grpc-frames.ts';

test('each message has a prefix with its length', () => {
  const body = frameMessages([Buffer.from('ab'), Buffer.alloc(0), Buffer.alloc(258)]);
  assert.equal(
    Buffer.from(body.subarray(0, 12)).toString('hex'),
    '0000000002616200000000000000'.slice(0, 24),
  );
  assert.equal(Buffer.from(body.subarray(12, 17)).toString('hex'), '0000000102');
  assert.equal(body.byteLength, 5 + 2 + 5 + 5 + 258);
});

test('the size is known without the bytes', () => {
  const messages = [Buffer.alloc(3), Buffer.alloc(1_000)];
  assert.equal(framedBytes(messages), frameMessages(messages).byteLength);
});
