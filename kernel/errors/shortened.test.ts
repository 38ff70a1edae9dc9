import assert from 'node:assert/strict';
import { test } from 'node:test';
import { shortened } from './shortened.ts';

test('a text that fits stays as it is', () => {
  assert.equal(shortened('four', 4), 'four');
});

test('a text that does not fit ends with an ellipsis', () => {
  assert.equal(shortened('fives', 4), 'fiv…');
});

test('half of a surrogate pair is replaced, whether it came or was made by the cut', () => {
  assert.equal(shortened('a\ud83d', 4), 'a\ufffd');
  assert.equal(shortened('ab😀😀', 4), 'ab\ufffd…');
  assert.doesNotThrow(() => encodeURI(shortened('ab😀😀', 4)));
});
