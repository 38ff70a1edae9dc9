import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { stopSignals } from './stop-signals.ts';

const setUp = () => {
  const source = new EventEmitter();
  const clock = { nowMs: 0 };
  return { source, clock, signals: stopSignals(source, () => clock.nowMs) };
};

for (const name of ['SIGINT', 'SIGTERM', 'SIGHUP']) {
  test(`${name} asks for an orderly stop`, () => {
    const { source, signals } = setUp();
    source.emit(name);
    assert.equal(signals.stop.reason, name);
    assert.equal(signals.kill.aborted, false);
  });
}

test('a second SIGINT kills', () => {
  const { source, clock, signals } = setUp();
  source.emit('SIGINT');
  clock.nowMs = 1000;
  source.emit('SIGINT');
  assert.equal(signals.kill.aborted, true);
});

test('the same SIGINT passed on by npm does not kill', () => {
  const { source, clock, signals } = setUp();
  source.emit('SIGINT');
  clock.nowMs = 5;
  source.emit('SIGINT');
  assert.equal(signals.kill.aborted, false);
});

test('a second SIGTERM changes nothing', () => {
  const { source, clock, signals } = setUp();
  source.emit('SIGTERM');
  clock.nowMs = 1000;
  source.emit('SIGTERM');
  assert.equal(signals.kill.aborted, false);
});
