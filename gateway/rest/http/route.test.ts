import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fastifyPath } from './route.ts';

for (const [path, expected] of [
  ['/v2/models/{model}/versions/{version}/infer', '/v2/models/:model/versions/:version/infer'],
  ['/v1/models/{model}:predict', '/v1/models/:model(^[^/]+)::predict'],
  ['/v1/models/{model}/versions/{version}:predict', '/v1/models/:model/versions/:version(^[^/]+)::predict'],
] as const) {
  test(`${path} is ${expected} for fastify`, () => {
    assert.equal(fastifyPath(path), expected);
  });
}
