import assert from 'node:assert/strict';
import { test } from 'node:test';
import { codes, isCode } from './codes.ts';
import { fromUnknown } from './from-unknown.ts';
import { messageOf } from './message-of.ts';
import { invalidInput, SluiceError } from './sluice-error.ts';

test('a SluiceError passes as it is', () => {
  const error = new SluiceError('QUEUE_FULL', 'full', { retryAfterMs: 50 });
  assert.equal(fromUnknown(error), error);
});

const thrown: readonly unknown[] = [new TypeError('secret path'), 'secret text', undefined, null, { a: 1 }];

for (const cause of thrown) {
  test(`what is thrown besides becomes INTERNAL and tells nothing: ${String(cause)}`, () => {
    const error = fromUnknown(cause);
    assert.equal(error.code, 'INTERNAL');
    assert.equal(error.message, `internal error, correlation id ${error.correlationId}`);
    assert.match(error.correlationId ?? '', /^[0-9a-f-]{36}$/);
    assert.equal(error.cause, cause);
  });
}

test('each internal error has a correlation id of its own', () => {
  assert.notEqual(fromUnknown(1).correlationId, fromUnknown(1).correlationId);
});

test('an invalid input keeps its faults and lists them in its message', () => {
  const faults = [
    { path: 'a', rule: 'type', message: 'expected b' },
    { path: 'c', rule: 'shape', message: 'expected d' },
  ];
  const error = invalidInput(faults);
  assert.equal(error.message, 'a: expected b; c: expected d');
  assert.deepEqual(error.violations, faults);
  assert.equal(error.meaning.http, 422);
});

test('an error says when to try again wherever HTTP has a header for it', () => {
  for (const code of Object.keys(codes).filter(isCode)) {
    const hinted = [429, 503].includes(codes[code].http);
    assert.equal(new SluiceError(code, 'why').retryAfterMs, hinted ? 1_000 : undefined);
    assert.equal(new SluiceError(code, 'why', { retryAfterMs: 50 }).retryAfterMs, 50);
  }
});

test('an error without details has none', () => {
  const { violations, retryAfterMs, correlationId, cause } = new SluiceError('CANCELLED', 'gone');
  assert.deepEqual([violations, retryAfterMs, correlationId, cause], [[], undefined, undefined, undefined]);
});

test('whatever was thrown has a message', () => {
  assert.equal(messageOf(new Error('e')), 'e');
  assert.equal(messageOf('text'), 'text');
  assert.equal(messageOf(undefined), 'undefined');
});
