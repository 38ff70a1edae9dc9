import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { makeRoom, type Occupant, type Size, tooLarge } from './make-room.ts';

const limits: Size = { bytes: 100, cells: 4 };

const occupant = (handle: number, more: Partial<Occupant> = {}): Occupant => ({
  handle,
  size: { bytes: 30, cells: 0 },
  stays: false,
  isBusy: false,
  usedAt: handle,
  ...more,
});

const unloadedFor = (occupants: readonly Occupant[], wanted: Partial<Size>) =>
  makeRoom(occupants, { bytes: 0, cells: 0, ...wanted }, limits);

test('nobody leaves while there is room', () => {
  assert.deepEqual(unloadedFor([occupant(1), occupant(2)], { bytes: 40 }), { unload: [] });
});

test('the least recently used leave, and no more of them than necessary', () => {
  const occupants = [occupant(1, { usedAt: 9 }), occupant(2), occupant(3)];
  assert.deepEqual(unloadedFor(occupants, { bytes: 11 }), { unload: [2] });
  assert.deepEqual(unloadedFor(occupants, { bytes: 41 }), { unload: [2, 3] });
});

test('who stays or is busy does not leave, and the reason says so', () => {
  const occupants = [occupant(1, { stays: true }), occupant(2, { isBusy: true }), occupant(3)];
  assert.deepEqual(unloadedFor(occupants, { bytes: 40 }), { unload: [3] });
  const room = unloadedFor(occupants, { bytes: 41 });
  assert.ok('reason' in room);
  assert.match(
    room.reason,
    /^no room for .* \(MAX_LOADED_BYTES\) are taken by releases that stay or are busy$/,
  );
});

test('for cells only those leave that have some', () => {
  const celled = { size: { bytes: 1, cells: 2 } };
  const occupants = [occupant(1), occupant(2, celled), occupant(3, celled)];
  assert.deepEqual(unloadedFor(occupants, { cells: 1 }), { unload: [2] });
  const room = unloadedFor([occupant(1), occupant(2, { ...celled, stays: true })], { cells: 3 });
  assert.ok('reason' in room);
  assert.match(room.reason, /^no room for 3 more cells: 2 of 4 \(MAX_CELLS\)/);
});

test('what is larger than everything that may be loaded can never be held', () => {
  assert.equal(tooLarge({ bytes: 100, cells: 4 }, limits), undefined);
  assert.match(tooLarge({ bytes: 101, cells: 0 }, limits) ?? '', /MAX_LOADED_BYTES/);
  assert.match(tooLarge({ bytes: 1, cells: 5 }, limits) ?? '', /it wants 5 cells, there may be 4/);
});

const size = fc.record({ bytes: fc.nat(60), cells: fc.nat(3) });
const release = fc.record({ size, stays: fc.boolean(), isBusy: fc.boolean(), usedAt: fc.nat(20) });

test('the limits are never passed, whoever stays or is busy never leaves, and nobody leaves in vain', () => {
  fc.assert(
    fc.property(fc.array(release, { maxLength: 8 }), size, (releases, wanted) => {
      const occupants = releases.map((each, index) => ({ ...each, handle: index + 1 }));
      const all = (kept: readonly Occupant[], axis: keyof Size): number =>
        kept.reduce((sum, each) => sum + each.size[axis], wanted[axis]);
      const fits = (kept: readonly Occupant[]): boolean =>
        all(kept, 'bytes') <= limits.bytes && (wanted.cells === 0 || all(kept, 'cells') <= limits.cells);
      const room = makeRoom(occupants, wanted, limits);
      const fixed = occupants.filter(({ stays, isBusy }) => stays || isBusy);
      if ('reason' in room) return assert.ok(!fits(fixed), 'there was a way');
      const kept = occupants.filter(({ handle }) => !room.unload.includes(handle));
      assert.ok(fits(kept), 'the limits hold');
      assert.ok(fixed.every((each) => kept.includes(each)));
      const last = occupants.find(({ handle }) => handle === room.unload.at(-1));
      if (last !== undefined) assert.ok(!fits([...kept, last]), 'the last one had to leave');
    }),
    { numRuns: 1_000 },
  );
});
