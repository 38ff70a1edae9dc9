import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { parseLmdbUrl } from './parse-url.ts';

test('an embedded log is named by an lmdb: URL, absolute, relative or with slashes', () => {
  for (const [url, folder, fsync] of [
    ['lmdb:/srv/log', '/srv/log', false],
    ['lmdb:///srv/log', '/srv/log', false],
    ['lmdb:some/folder', resolve('some/folder'), false],
    ['lmdb:/srv/log?fsync=true', '/srv/log', true],
    ['lmdb:/srv/log?fsync=false', '/srv/log', false],
  ] as const)
    assert.deepEqual(parseLmdbUrl(url), { folder, fsync }, url);
});

for (const url of [
  '',
  'lmdb:',
  'file:/srv/log',
  'lmdb:?fsync=true',
  'lmdb:/srv/log?fsync=yes',
  'lmdb:/srv/log?sync=true',
  'lmdb:/srv/log#fsync',
]) {
  test(`'${url}' is refused`, () => {
    assert.throws(() => parseLmdbUrl(url), {
      code: 'INVALID_INPUT',
      message: /^EVENT_LOG_URL: expected lmdb:/,
    });
  });
}
