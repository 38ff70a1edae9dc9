import assert from 'node:assert/strict';
import { test } from 'node:test';
import { lastMs } from '@sluice/kernel/records/prediction-time';
import fc from 'fast-check';
import { createEventIds } from './event-id.ts';

const place = fc.record({
  logId: fc.constantFrom('log', 'log-2'),
  stream: fc.constantFrom('s', 's1', 'in'),
  topic: fc.constantFrom('in', 'in1', '1', '11'),
  partition: fc.nat(12),
  offset: fc.bigInt(0n, 2n ** 63n - 1n),
  timestampMs: fc.constantFrom(-1, 0, 1_795_341_600_250, 2 ** 48 - 1, 2 ** 53),
});
type Place = typeof place extends fc.Arbitrary<infer Given> ? Given : never;

const idOf = ({ logId, stream, timestampMs, ...position }: Place): string =>
  createEventIds({ logId, stream })(position, timestampMs);

test('an id has the layout of a UUIDv7, with the time of the event', () => {
  fc.assert(
    fc.property(place, (given) => {
      const id = idOf(given);
      assert.match(id, /^[\da-f]{8}-[\da-f]{4}-7[\da-f]{3}-[89ab][\da-f]{3}-[\da-f]{12}$/);
      const time = Number.parseInt(id.slice(0, 8) + id.slice(9, 13), 16);
      assert.equal(time, Math.min(Math.max(given.timestampMs, 0), lastMs));
    }),
  );
});

test('the same event has the same id, and another event another one', () => {
  const ids = new Map<string, string>();
  fc.assert(
    fc.property(place, (given) => {
      const id = idOf(given);
      assert.equal(idOf({ ...given }), id);
      const { timestampMs: _, ...where } = given;
      const whole = JSON.stringify(where, (_name, value) => (typeof value === 'bigint' ? `${value}` : value));
      const random = id.slice(13);
      assert.equal(ids.get(random) ?? whole, whole);
      ids.set(random, whole);
    }),
    { numRuns: 2_000 },
  );
});

test('ids stay what they are from version to version', () => {
  const ids = createEventIds({ logId: 'MkU3OEVBNTcwNTJENDM2Qk', stream: 'churn-events' });
  const position = { topic: 'customers.activity.v1', partition: 3, offset: 41n };
  assert.equal(ids(position, 1_795_341_600_250), '01a202b2-c5fa-786e-9be3-778fd9a890ec');
});
