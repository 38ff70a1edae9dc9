import assert from 'node:assert/strict';
import { tmpdir } from 'node:os';
import { test } from 'node:test';
import { segmentBytesFor } from './segment-size.ts';

const mebibyte = 1024 ** 2;

test('a segment is an eighth of a small spool, within bounds', async () => {
  assert.equal(await segmentBytesFor(tmpdir(), 4 * mebibyte), mebibyte / 2);
  assert.equal(await segmentBytesFor(tmpdir(), 1_000), 64 * 1024);
  assert.equal(await segmentBytesFor('/no/such/folder', 2 ** 40), 16 * mebibyte);
});
