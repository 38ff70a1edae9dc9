import assert from 'node:assert/strict';
import { test } from 'node:test';
import { beatMs } from '../core/silence.ts';
import { startTestCell, testBounds, useClock } from '../testing/cells.ts';

const { maxComputeMs, loadMs, endMs } = testBounds;
const farewellMs = 50;

test('a cell serves once it has told its port, and as long as it tells that it lives', (t) => {
  const { now, pass } = useClock(t);
  const { cell, done, told, say } = startTestCell(now);
  assert.equal(cell.link, undefined);
  say({ kind: 'up', port: 4711 });
  for (let beat = 0; beat < 100; beat += 1) {
    pass(beatMs);
    say({ kind: 'beat', batches: 0 });
  }
  assert.equal(cell.port, 4711);
  assert.ok(cell.link);
  assert.deepEqual([done, told], [[], ['up']]);
});

test('a cell that is silent for too long is announced with the reason, and killed a moment later', (t) => {
  const { now, pass } = useClock(t);
  const { cell, done, told, say, end } = startTestCell(now);
  say({ kind: 'up', port: 1 });
  pass(maxComputeMs + beatMs);
  assert.equal(cell.ending, '', 'never before its time');
  pass(beatMs);
  assert.equal(cell.ending, 'it computed for longer than maxComputeMs (500 ms)');
  assert.equal(cell.link, undefined, 'it is given nothing more');
  assert.deepEqual([done, told], [[], ['up', 'changed']]);
  pass(farewellMs);
  assert.deepEqual(done, ['SIGKILL']);
  end();
  assert.equal(told.at(-1), 'ended hung: computed for longer than maxComputeMs (500 ms)');
});

test('loading is not computing, and has a bound of its own', (t) => {
  const { now, pass } = useClock(t);
  const { done, told, end } = startTestCell(now);
  pass(loadMs - 1);
  assert.deepEqual(done, []);
  pass(1);
  assert.deepEqual(done, ['SIGKILL']);
  end();
  assert.deepEqual(told, ['ended refused: it did not load within 5000 ms']);
});

test('a batch that is completed is told, a beat without one is not', (t) => {
  const { now } = useClock(t);
  const { told, say } = startTestCell(now);
  say({ kind: 'up', port: 1 });
  for (const batches of [0, 3, 3, 4]) say({ kind: 'beat', batches });
  assert.deepEqual(told, ['up', 'completed', 'completed']);
});

test('a cell that ends by itself has crashed; one that says that it cannot load was refused', (t) => {
  const { now } = useClock(t);
  const crashed = startTestCell(now);
  crashed.say({ kind: 'up', port: 1 });
  crashed.end('was killed by SIGSEGV');
  assert.equal(crashed.told.at(-1), 'ended crashed: was killed by SIGSEGV');
  const refused = startTestCell(now);
  refused.say({ kind: 'refused', reason: 'the graph is broken' });
  refused.end('exited with 70');
  assert.equal(refused.told.at(-1), 'ended refused: the graph is broken');
});

test('a cell that is told to end has its time for it, then it is killed', (t) => {
  const { now, pass } = useClock(t);
  const { cell, done, told, say, end } = startTestCell(now);
  say({ kind: 'up', port: 1 });
  cell.end();
  cell.end();
  assert.equal(cell.link, undefined);
  assert.equal(cell.ending, '', 'it answers what it has');
  for (let beat = 0; beat < endMs / beatMs; beat += 1) {
    assert.deepEqual(done, ['SIGTERM']);
    say({ kind: 'beat', batches: 0 });
    pass(beatMs);
  }
  assert.deepEqual(done, ['SIGTERM', 'SIGKILL']);
  end();
  assert.equal(told.at(-1), 'ended asked: was told to end');
});

test('a cell that hangs while it is to end is killed for that', (t) => {
  const { now, pass } = useClock(t);
  const { cell, done, say } = startTestCell(now);
  say({ kind: 'up', port: 1 });
  cell.end();
  pass(maxComputeMs + 3 * beatMs + farewellMs);
  assert.deepEqual(done, ['SIGTERM', 'SIGKILL']);
  assert.match(cell.ending, /maxComputeMs/);
});

test('metrics are asked for, and kept as they came last', async (t) => {
  const { now } = useClock(t);
  const { cell, done, say } = startTestCell(now);
  const asked = cell.askMetrics();
  assert.deepEqual([done, cell.metrics], [['ask'], []]);
  say({ kind: 'metrics', metrics: [{ name: 'a' }] });
  await asked;
  assert.deepEqual(cell.metrics, [{ name: 'a' }]);
});
