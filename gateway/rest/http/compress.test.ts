import assert from 'node:assert/strict';
import { test } from 'node:test';
import { gunzipSync } from 'node:zlib';
import { chosenEncoding, compress } from './compress.ts';
import { jsonAnswer, plainAnswer } from './http-answer.ts';

for (const [accept, expected] of [
  ['', undefined],
  ['gzip', 'gzip'],
  ['deflate', 'deflate'],
  ['br, deflate;q=0.5, GZIP;q=0.1', 'gzip'],
  ['gzip;q=0, deflate', 'deflate'],
  ['br', undefined],
  ['identity', undefined],
  ['gzip;q=x', undefined],
] as const) {
  test(`Accept-Encoding '${accept}' asks for ${expected ?? 'nothing'}`, () => {
    assert.equal(chosenEncoding(accept), expected);
  });
}

test('an answer is compressed, says so, and keeps its other headers', async () => {
  const answer = jsonAnswer({ text: 'a'.repeat(1000) }, { 'sluice-prediction-id': 'x' });
  const { headers, body } = await compress(answer, 'gzip');
  assert.equal(headers['content-encoding'], 'gzip');
  assert.equal(headers['sluice-prediction-id'], 'x');
  assert.equal(gunzipSync(body).toString(), answer.body);
});

test('a short answer is left as it is, and one that is to stay plain', async () => {
  for (const answer of [jsonAnswer({}), plainAnswer({ text: 'a'.repeat(1000) })])
    assert.equal(await compress(answer, 'gzip'), answer);
});
