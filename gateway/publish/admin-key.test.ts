import assert from 'node:assert/strict';
import { test } from 'node:test';
import { sha256 } from '@sluice/kernel/release/digest';
import { adminCheck } from './admin-key.ts';

const check = adminCheck(sha256(Buffer.from('key')));

test('the admin key opens, however the scheme is written', () => {
  for (const authorization of ['Bearer key', 'bearer key', 'BEARER  key']) check(authorization);
});

for (const authorization of [
  '',
  'key',
  'Basic key',
  'Bearer',
  'Bearer ',
  'Bearer kez',
  'Bearer key key',
  'Bearer KEY',
])
  test(`'${authorization}' does not`, () => {
    assert.throws(() => check(authorization), { code: 'UNAUTHENTICATED' });
  });

test('without a hash no key opens', () => {
  assert.throws(() => adminCheck(undefined)('Bearer key'), { code: 'PERMISSION_DENIED' });
});
