import assert from 'node:assert/strict';
import { STATUS_CODES } from 'node:http';
import { test } from 'node:test';
import { grpcStatuses } from './code-meaning.ts';
import { codes, isCode, meaningOf } from './codes.ts';

/** nginx's "client closed request", which the list of Node does not have. */
const clientClosed = 499;

for (const code of Object.keys(codes).filter(isCode)) {
  test(`${code} means something at every door`, () => {
    const { grpc, http, httpV2, when } = meaningOf(code);
    assert.ok(grpc in grpcStatuses);
    for (const status of [http, httpV2]) {
      assert.ok(status >= 400 && status < 600);
      assert.ok(status === clientClosed || STATUS_CODES[status] !== undefined);
    }
    assert.match(when, /^[A-Z].*\.$/);
    assert.match(code, /^[A-Z]+(_[A-Z]+)*$/);
  });

  test(`what ${code} says about whose fault it is agrees at every door`, () => {
    const { grpc, http, retryable, logLevel } = meaningOf(code);
    assert.equal(grpc === 'INTERNAL', http === 500);
    assert.equal(grpc === 'UNAVAILABLE', http === 503);
    assert.equal(retryable, [429, 503, 504].includes(http));
    if (logLevel === 'error') assert.ok(http >= 500);
  });
}

test('the /v2 door gives the status of /v1, or 400 where its clients know no other', () => {
  for (const { http, httpV2 } of Object.values(codes)) assert.ok(httpV2 === http || httpV2 === 400);
});

test('only what is in the list is a code', () => {
  for (const text of ['', 'invalid_input', 'OK', 'toString', '__proto__', 'constructor'])
    assert.equal(isCode(text), false, text);
});
