import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { splitFrames } from './split-frames.ts';

const frameOf = (message: Uint8Array): Buffer => {
  const head = Buffer.alloc(5);
  head.writeUInt32BE(message.length, 1);
  return Buffer.concat([head, message]);
};

test('messages are found wherever chunks end', () =>
  fc.assert(
    fc.property(fc.array(fc.uint8Array()), fc.array(fc.nat({ max: 200 })), (messages, cuts) => {
      const all = Buffer.concat(messages.map(frameOf));
      const found: Buffer[] = [];
      const take = splitFrames((bytes, start, end) => found.push(bytes.subarray(start, end)));
      let begin = 0;
      for (const end of [...cuts.toSorted((a, b) => a - b), all.length]) {
        take(all.subarray(begin, Math.min(end, all.length)));
        begin = Math.min(Math.max(begin, end), all.length);
      }
      assert.deepEqual(
        found.map((each) => [...each]),
        messages.map((each) => [...each]),
      );
    }),
  ));

test('compressed messages, and what is no gRPC, are refused', () => {
  const take = splitFrames(() => assert.fail('there is no message'));
  assert.throws(() => take(Buffer.of(1, 0, 0, 0, 0)), { message: /no uncompressed gRPC/ });
  assert.throws(() => take(Buffer.from('HTTP/1.1 400 Bad Request')), { message: /no uncompressed gRPC/ });
});
