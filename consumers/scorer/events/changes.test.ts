import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Features } from '@sluice/kernel/features/value';
import fc from 'fast-check';
import type { ReadEvent } from '../event-codec.ts';
import { createChanges } from './changes.ts';
import { createEventCodec } from './create-event-codec.ts';
import { loadEventTypes } from './event-types.ts';
import { asEvent, receivedWith, streamWith } from './testing/events.ts';

const codec = createEventCodec({ stream: streamWith(), logId: 'log', types: loadEventTypes() });
const eventOf = (entity: string | null, features: Features): ReadEvent =>
  asEvent(codec.read(receivedWith(features, { key: entity === null ? null : Buffer.from(entity) })));

test('an event is unchanged when the one before it of its entity had the same features', () => {
  const changes = createChanges({ ttlMs: 1_000, maxKeys: 10 });
  const event = eventOf('a', { x: 1, y: [1, { z: 'text' }] });
  assert.ok(!changes.isUnchanged(event, 0));
  changes.note(event, 0);
  assert.ok(changes.isUnchanged(eventOf('a', { x: 1, y: [1, { z: 'text' }] }), 1));
  for (const other of [{ x: 1 }, { x: 1, y: [1, { z: 'texts' }] }, { x: '1', y: [1, { z: 'text' }] }])
    assert.ok(!changes.isUnchanged(eventOf('a', other), 1));
  assert.ok(!changes.isUnchanged(eventOf('b', event.features), 1));
});

test('only the last one counts', () => {
  const changes = createChanges({ ttlMs: 1_000, maxKeys: 10 });
  for (const x of [1, 2]) changes.note(eventOf('a', { x }), 0);
  assert.deepEqual(
    [1, 2].map((x) => changes.isUnchanged(eventOf('a', { x }), 1)),
    [false, true],
  );
});

test('it counts until its time is over, from when it was scored', () => {
  const changes = createChanges({ ttlMs: 1_000, maxKeys: 10 });
  const event = eventOf('a', { x: 1 });
  changes.note(event, 500);
  assert.ok(changes.isUnchanged(event, 1_499));
  assert.ok(!changes.isUnchanged(event, 1_500));
});

test('an event without an entity always counts as changed', () => {
  const changes = createChanges({ ttlMs: 1_000, maxKeys: 10 });
  const event = eventOf(null, { x: 1 });
  changes.note(event, 0);
  assert.ok(!changes.isUnchanged(event, 1));
});

test('of many entities the last half of what may be kept is known, and never more than may be kept', () => {
  const entities = fc.array(fc.nat(40).map(String), { minLength: 1, maxLength: 200 });
  fc.assert(
    fc.property(entities, fc.integer({ min: 2, max: 20 }), (given, maxKeys) => {
      const changes = createChanges({ ttlMs: 1_000, maxKeys });
      for (const entity of given) changes.note(eventOf(entity, {}), 0);
      const known = new Set(given.filter((entity) => changes.isUnchanged(eventOf(entity, {}), 1)));
      assert.ok(known.size <= maxKeys, `${known.size}`);
      const latest = [...new Set(given.toReversed())].slice(0, Math.floor(maxKeys / 2));
      assert.deepEqual(
        latest.filter((entity) => !known.has(entity)),
        [],
      );
    }),
  );
});
