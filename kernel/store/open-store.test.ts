import assert from 'node:assert/strict';
import { test } from 'node:test';
import { openStore } from './open-store.ts';
import { parseS3Url } from './s3/parse-url.ts';

for (const url of [
  '',
  '/srv/store',
  'http://host/',
  's3:',
  's3://',
  's3:///prefix',
  's3://A_B/prefix',
  's3://bucket/a/../b',
  's3://bucket/a?region=x',
]) {
  test(`a URL that names no store is refused: '${url}'`, () => {
    assert.throws(() => openStore(url), {
      code: 'INVALID_INPUT',
      message: `STORE_URL: expected file:<folder> or s3://<bucket>/<prefix>, got ${url}`,
    });
  });
}

for (const [url, prefix] of [
  ['s3://models.example', ''],
  ['s3://models.example/', ''],
  ['s3://models.example/team', 'team/'],
  ['s3://models.example//team/prod/', 'team/prod/'],
] as const) {
  test(`a bucket is named by ${url}`, () => {
    assert.deepEqual(parseS3Url(url), { bucket: 'models.example', prefix });
    assert.equal(openStore(url).url, url);
  });
}
