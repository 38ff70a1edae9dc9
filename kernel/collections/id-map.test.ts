import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { IdMap } from './id-map.ts';

const max = 0xffff_ffff;
/** Few, so that they meet again; and such that collide. */
const id = fc.oneof(
  fc.nat({ max: 40 }),
  fc.integer({ min: max - 5, max }),
  fc.nat({ max: 7 }).map((n) => n * 65_536),
);
const change = fc.record({ id, put: fc.boolean() });

test('holds what a Map would', () => {
  fc.assert(
    fc.property(fc.array(change, { maxLength: 200 }), (changes) => {
      const map = new IdMap<{ readonly at: number }>();
      const model = new Map<number, { readonly at: number }>();
      for (const [at, { id, put }] of changes.entries()) {
        if (put) {
          map.set(id, { at });
          model.set(id, { at });
        } else assert.equal(map.delete(id), model.delete(id));
        assert.deepEqual([map.size, map.has(id), map.get(id)], [model.size, model.has(id), model.get(id)]);
      }
      for (const [known, value] of model) assert.deepEqual(map.get(known), value);
      assert.deepEqual(new Set(map.values()), new Set(model.values()));
      map.clear();
      assert.deepEqual([map.size, map.values()], [0, []]);
    }),
  );
});

test('ids that count up, with many under way, are found and forgotten', () => {
  const map = new IdMap<{ readonly id: number }>();
  const underWay = 3_000;
  for (let id = max - 10_000; id <= max; id += 1) {
    map.set(id, { id });
    assert.equal(map.delete(id - underWay), id - underWay >= max - 10_000);
    assert.equal(map.get(id)?.id, id);
  }
  assert.equal(map.size, underWay);
});
