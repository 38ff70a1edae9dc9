import assert from 'node:assert/strict';
import { type TestContext, test } from 'node:test';
import { createLog } from '@sluice/kernel/telemetry/log';
import { startTestCell, type TestCell, testRelease, useClock } from '../testing/cells.ts';
import { testJob } from '../testing/jobs.ts';
import { ReleaseCells } from './release-cells.ts';

const quarantineMs = 30_000;

const start = (t: TestContext, instances = 1) => {
  const { now, pass } = useClock(t);
  const started: TestCell[] = [];
  const states: string[] = [];
  const cells: ReleaseCells = new ReleaseCells({
    release: testRelease,
    instances,
    quarantineMs,
    limits: { maxEntries: 10, maxBytes: 1_000 },
    maxMessageBytes: 10_000,
    log: createLog({ process: 'test', environment: 'dev', level: 'silent' }),
    startCell: (on) => {
      const cell = startTestCell(now, on);
      started.push(cell);
      return cell.cell;
    },
    completed: () => undefined,
    changed: () => states.push(cells.state.kind),
    ended: () => undefined,
  });
  const nth = (index: number): TestCell => {
    const cell = started[index];
    assert.ok(cell, `cell ${index} was started`);
    return cell;
  };
  return { cells, started, states, pass, nth };
};
const up = { kind: 'up', port: 1 } as const;
const stateOf = (cells: ReleaseCells): string => cells.state.kind;
const refusal = (cells: ReleaseCells) => cells.worker.submit(testJob().job);

test('a release is LOADING until its first cell is up', async (t) => {
  const { cells, nth } = start(t, 2);
  assert.equal(stateOf(cells), 'LOADING');
  assert.match(refusal(cells)?.message ?? '', /its cell is loading/);
  nth(1).say(up);
  await cells.settled();
  assert.equal(stateOf(cells), 'IN_CELL');
  assert.equal(refusal(cells), undefined);
});

test('a cell that ended is replaced; with another one the release is served meanwhile', (t) => {
  const { cells, started, pass, nth } = start(t, 2);
  nth(0).say(up);
  nth(1).say(up);
  nth(0).end();
  assert.equal(stateOf(cells), 'IN_CELL');
  pass(100);
  assert.equal(started.length, 3);
  nth(1).end();
  assert.equal(stateOf(cells), 'QUARANTINED', 'two ends in a row, of whichever cell');
});

test('the reason of the last end is told while there is no other cell', (t) => {
  const { cells, pass, nth } = start(t);
  nth(0).say(up);
  nth(0).end('was killed by SIGSEGV');
  assert.deepEqual(cells.state, {
    kind: 'LOADING',
    reason: 'its cell is started anew: it was killed by SIGSEGV',
  });
  assert.match(refusal(cells)?.message ?? '', /SIGSEGV/);
  pass(100);
  nth(1).say(up);
  assert.equal(stateOf(cells), 'IN_CELL');
});

test('in quarantine nothing runs and nothing is taken; after its time there are cells again', (t) => {
  const { cells, started, pass, nth } = start(t, 2);
  nth(0).say(up);
  nth(0).end();
  nth(1).say(up);
  nth(1).end();
  assert.equal(stateOf(cells), 'QUARANTINED');
  assert.equal(refusal(cells)?.code, 'RELEASE_QUARANTINED');
  pass(quarantineMs - 1);
  assert.equal(started.length, 2);
  pass(1);
  assert.equal(started.length, 4);
  assert.equal(stateOf(cells), 'LOADING');
  nth(2).say(up);
  assert.equal(stateOf(cells), 'IN_CELL');
  nth(2).end();
  assert.equal(stateOf(cells), 'QUARANTINED', 'one more end without a batch');
});

test('a quarantine that is ended by hand is forgotten', (t) => {
  const { cells, started, pass, nth } = start(t);
  nth(0).end();
  pass(100);
  nth(1).end();
  assert.equal(stateOf(cells), 'QUARANTINED');
  cells.retry();
  nth(2).say(up);
  nth(2).end();
  assert.equal(stateOf(cells), 'LOADING');
  pass(100 + quarantineMs);
  assert.equal(started.length, 4, 'the old quarantine ends nothing any more');
});

test('a cell that hangs while the others are in quarantine is not replaced beside the new ones', (t) => {
  const { cells, started, pass, nth } = start(t, 2);
  nth(0).say(up);
  nth(1).say(up);
  nth(1).end();
  pass(100);
  nth(2).end();
  assert.equal(stateOf(cells), 'QUARANTINED');
  assert.deepEqual(nth(0).done, ['SIGTERM']);
  pass(quarantineMs);
  assert.equal(started.length, 5);
  nth(3).say(up);
  nth(0).end('was killed by SIGKILL');
  pass(quarantineMs);
  assert.equal(started.length, 5);
});

const refused = { kind: 'refused', reason: 'the graph is broken' } as const;

test('what no cell can load is unavailable', (t) => {
  const { cells, nth } = start(t);
  nth(0).say(refused);
  nth(0).end('exited with 70');
  assert.deepEqual(cells.state, { kind: 'UNAVAILABLE', reason: 'the graph is broken' });
});

test('what only one cell cannot load is served by the others', (t) => {
  const { cells, nth } = start(t, 2);
  nth(0).say(up);
  nth(1).say(refused);
  nth(1).end('exited with 70');
  assert.equal(stateOf(cells), 'IN_CELL');
});

test('cells that are to end are not replaced, and nothing new is taken', async (t) => {
  const { cells, started, pass, nth } = start(t);
  nth(0).say(up);
  const ended = cells.end();
  assert.deepEqual(nth(0).done, ['SIGTERM']);
  assert.equal(refusal(cells)?.code, 'DRAINING');
  nth(0).end('exited with 0');
  await ended;
  pass(quarantineMs);
  assert.equal(started.length, 1);
  await cells.end();
});
