import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deflateSync, gzipSync } from 'node:zlib';
import { decompress, parseJson, readJson } from './body.ts';

const text = Buffer.from('{"inputs": []}');
const maxBytes = 1024;

const codeOf = (code: string, message: RegExp) => ({ name: 'SluiceError', code, message });

for (const [encoding, body] of [
  ['', text],
  ['identity', text],
  ['gzip', gzipSync(text)],
  ['X-Gzip', gzipSync(text)],
  ['deflate', deflateSync(text)],
] as const) {
  test(`a body in encoding '${encoding}' is read`, async () => {
    assert.deepEqual(await decompress(body, encoding, maxBytes), text);
  });
}

test('a body that grows beyond the limit is refused, whatever it would have become', async () => {
  const bomb = gzipSync(Buffer.alloc(10_000_000));
  await assert.rejects(
    decompress(bomb, 'gzip', maxBytes),
    codeOf('MESSAGE_TOO_LARGE', /larger than 1024 bytes once decompressed/),
  );
});

test('a body of exactly the limit is read', async () => {
  assert.equal((await decompress(gzipSync(Buffer.alloc(maxBytes)), 'gzip', maxBytes)).length, maxBytes);
});

test('a truncated body and one in another encoding than it says are malformed', async () => {
  const truncated = gzipSync(text).subarray(0, 20);
  await assert.rejects(
    decompress(truncated, 'gzip', maxBytes),
    codeOf('MALFORMED_REQUEST', /not valid gzip/),
  );
  await assert.rejects(
    decompress(text, 'deflate', maxBytes),
    codeOf('MALFORMED_REQUEST', /not valid deflate/),
  );
});

test('an unknown encoding is unsupported, also one that is called like a member of every object', async () => {
  for (const encoding of ['br', 'gzip, gzip', 'constructor']) {
    await assert.rejects(
      decompress(text, encoding, maxBytes),
      codeOf('UNSUPPORTED_ENCODING', /gzip or deflate/),
    );
  }
});

for (const [body, message] of [
  ['', /empty/],
  ['{"a": 1,}', /line 1 column 9/],
  ['{"a": x}', /Unexpected token 'x'/],
  [Buffer.of(0x7b, 0xff, 0x7d), /not UTF-8/],
] as const) {
  test(`JSON of '${body}' is malformed: ${message.source}`, () => {
    assert.throws(() => parseJson(Buffer.from(body)), codeOf('MALFORMED_REQUEST', message));
  });
}

test('JSON is read from a view into a larger buffer', () => {
  const view = new Uint8Array(Buffer.from('xx[1]yy')).subarray(2, 5);
  assert.deepEqual(readJson(view), { value: [1] });
});
