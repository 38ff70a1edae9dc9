import assert from 'node:assert/strict';
import { test } from 'node:test';
import { deadlineOf } from './http-scope.ts';

test('a timeout in milliseconds is a deadline', () => {
  assert.equal(deadlineOf('250', 1000), 1250);
  assert.equal(deadlineOf('0.5', 1000), 1000.5);
  assert.equal(deadlineOf('0', 1000), 1000);
});

test('no timeout is no deadline, and one beyond what a timer can wait is the longest wait', () => {
  assert.equal(deadlineOf('', 1000), Number.POSITIVE_INFINITY);
  assert.equal(deadlineOf('9'.repeat(30), 0), 2 ** 31 - 1);
});

for (const text of ['-1', 'x', '1s', '1e3', ' ', 'NaN', 'Infinity']) {
  test(`a timeout of '${text}' is malformed`, () => {
    assert.throws(() => deadlineOf(text, 0), { code: 'MALFORMED_REQUEST' });
  });
}
