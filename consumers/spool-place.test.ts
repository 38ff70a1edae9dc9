import assert from 'node:assert/strict';
import { test } from 'node:test';
import { placeOf } from './spool-place.ts';
import { header, spoolHeaders } from './testing/messages.ts';

const spool = '5f0c4d8e-6a55-4a3c-9a0b-0d8f3f6f6a11';
const at = { topic: 't', partition: 2, offset: 7n, key: null, value: null, timestampMs: 0 };

test('a message that a spool shipped says its place', () => {
  assert.deepEqual(placeOf({ ...at, headers: spoolHeaders(spool, 41) }), {
    spool,
    topic: 't',
    partition: 2,
    sequence: 41,
  });
});

for (const [what, headers] of [
  ['no headers', []],
  ['no sequence', [header('sluice.spool', spool)]],
  ['a sequence that is no number', [header('sluice.spool', spool), header('sluice.sequence', 'x')]],
  ['a negative sequence', spoolHeaders(spool, -1)],
  ['a spool that is no UUID', spoolHeaders("'; drop table", 1)],
] as const)
  test(`no place: ${what}`, () => assert.equal(placeOf({ ...at, headers }), undefined));
