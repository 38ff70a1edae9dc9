import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setFlagsFromString } from 'node:v8';
import { runInNewContext } from 'node:vm';
import fc from 'fast-check';
import { TransientMap } from './transient-map.ts';

const change = fc.record({ key: fc.integer({ min: 0, max: 20 }), put: fc.boolean() });

test('holds what a Map would', () => {
  fc.assert(
    fc.property(fc.array(change), (changes) => {
      const map = new TransientMap<number, string>();
      const model = new Map<number, string>();
      for (const [at, { key, put }] of changes.entries()) {
        if (put) {
          map.set(key, `${at}`);
          model.set(key, `${at}`);
        } else assert.equal(map.delete(key), model.delete(key));
        assert.deepEqual(
          [map.size, map.has(key), map.get(key)],
          [model.size, model.has(key), model.get(key)],
        );
      }
      assert.deepEqual(map.values().sort(), [...model.values()].sort());
    }),
  );
});

test('keys are keys whatever their names', () => {
  const map = new TransientMap<string, number>();
  assert.deepEqual([map.has('constructor'), map.get('__proto__')], [false, undefined]);
  map.set('__proto__', 1);
  assert.deepEqual([map.get('__proto__'), map.size, map.values()], [1, 1, [1]]);
  map.clear();
  assert.deepEqual([map.has('__proto__'), map.size, map.values()], [false, 0, []]);
});

const values = 2_000;
const elements = 1_000;
const mib = 1024 * 1024;

/** Bytes that minor collections leave of 16 MB that went through a map with an old table, sixteen values at a time. */
const bytesLeft = (map: TransientMap<number, object> | Map<number, object>): number => {
  setFlagsFromString('--expose-gc');
  const collect = runInNewContext('gc') as (options?: { type: 'minor' }) => void;
  map.set(-1, {});
  collect();
  const before = process.memoryUsage().heapUsed;
  for (let id = 0; id < values; id += 1) {
    map.set(id, new Array(elements).fill(id));
    map.delete(id - 16);
  }
  for (let id = values - 16; id < values; id += 1) map.delete(id);
  collect({ type: 'minor' });
  return process.memoryUsage().heapUsed - before;
};

test('minor collections take what has left, however old the map is', () => {
  const left = bytesLeft(new TransientMap());
  assert.ok(left < mib, `${left} bytes are left`);
});

test('of what has left a Map they take little: the reason for this class', () => {
  const left = bytesLeft(new Map());
  assert.ok(left > 8 * mib, `${left} bytes are left`);
});
