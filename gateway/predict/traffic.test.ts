import assert from 'node:assert/strict';
import { test } from 'node:test';
import { trafficOf } from './traffic.ts';

test('a request is of a user, unless it says otherwise', () => {
  assert.equal(trafficOf({ synthetic: '' }), 'user');
  assert.equal(trafficOf({ synthetic: 'true' }), 'synthetic');
  assert.equal(trafficOf({ synthetic: 'replay' }), 'replay');
});

for (const synthetic of ['false', 'TRUE', '1', 'true, true'])
  test(`what says neither is refused: ${synthetic}`, () => {
    assert.throws(() => trafficOf({ synthetic }), {
      code: 'MALFORMED_REQUEST',
      message: `sluice-synthetic: expected true or replay, got the string '${synthetic}'`,
    });
  });
