import assert from 'node:assert/strict';
import { validateHeaderValue } from 'node:http';
import { test } from 'node:test';
import fc from 'fast-check';
import { warningHeader } from './warning-header.ts';

test('without a warning there is no header, and several are one', () => {
  assert.deepEqual(warningHeader([]), {});
  assert.deepEqual(warningHeader(['a', 'b']), { 'sluice-warning': 'a; b' });
});

test('whatever a reason says can be sent, and read again', () => {
  assert.equal(warningHeader(['100 % fürs Alte\n'])['sluice-warning'], '100 %25 f%C3%BCrs Alte%0A');
  fc.assert(
    fc.property(fc.string({ unit: 'binary' }), (text) => {
      const value = warningHeader([text])['sluice-warning'] ?? '';
      validateHeaderValue('sluice-warning', value);
      assert.equal(decodeURIComponent(value), text.toWellFormed());
    }),
  );
});
