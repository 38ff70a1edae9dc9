import assert from 'node:assert/strict';
import { test } from 'node:test';
import fc from 'fast-check';
import { isBefore, type Turn, WaitingLine } from './waiting-line.ts';

const turn = (priority: number, dueAt: number, sequence: number): Turn => ({ priority, dueAt, sequence });

test('the more urgent goes first, then the earlier deadline, then the earlier arrival', () => {
  const ordered = [turn(1, 9, 9), turn(2, 1, 8), turn(2, 3, 1), turn(2, 3, 2), turn(2, Infinity, 0)];
  for (const [place, a] of ordered.entries())
    for (const [other, b] of ordered.entries()) assert.equal(isBefore(a, b), place < other);
});

test('an empty line has nobody first and nobody last', () => {
  const line = new WaitingLine();
  assert.deepEqual([line.size, line.first, line.last], [0, undefined, undefined]);
  assert.equal(line.remove(turn(1, 1, 1)), false);
});

const turns = fc
  .array(fc.tuple(fc.integer({ min: 1, max: 3 }), fc.integer({ min: 0, max: 5 })), {
    maxLength: 60,
    size: 'max',
  })
  .map((list) => list.map(([priority, dueAt], sequence) => turn(priority, dueAt, sequence)));

test('whoever comes and goes, the line is the sorted list of those who wait', () => {
  fc.assert(
    fc.property(turns, fc.array(fc.nat(), { size: 'max', maxLength: 60 }), (arrivals, leaving) => {
      const line = new WaitingLine<Turn>();
      let model: Turn[] = [];
      const check = (): void => {
        assert.equal(line.size, model.length);
        assert.equal(line.first, model[0]);
        assert.equal(line.last, model.at(-1));
      };
      for (const [index, newcomer] of arrivals.entries()) {
        assert.equal(line.ahead(newcomer), model.filter((other) => isBefore(other, newcomer)).length);
        line.add(newcomer);
        model = [...model, newcomer].sort((a, b) => (isBefore(a, b) ? -1 : 1));
        check();
        const gone = model[(leaving[index] ?? 0) % (model.length * 2)];
        if (gone === undefined) continue;
        assert.equal(line.remove(gone), true);
        assert.equal(line.remove(gone), false);
        model = model.filter((other) => other !== gone);
        check();
      }
      for (const next of model) {
        assert.equal(line.first, next);
        line.remove(next);
      }
      assert.equal(line.size, 0);
    }),
  );
});
