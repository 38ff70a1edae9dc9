import assert from 'node:assert/strict';
import { EventEmitter, once } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import { frameWriter } from '@sluice/kernel/link/frame-writer';
import { linkFlow } from './link-flow.ts';

/** A stream that has had enough after each frame, until its peer reads. */
class SlowStream extends EventEmitter {
  readonly events: string[] = [];
  writableNeedDrain = false;
  isRead = true;

  write(frame: readonly string[]): boolean {
    this.events.push(frame.join(' '));
    this.writableNeedDrain = true;
    return false;
  }

  /** The peer reads all that was written. */
  drain(): void {
    this.writableNeedDrain = false;
    this.emit('drain');
  }

  pause(): void {
    this.isRead = false;
  }

  resume(): void {
    this.isRead = true;
  }

  end(): void {
    this.events.push('end');
    this.emit('ended');
  }
}

const start = () => {
  const stream = new SlowStream();
  const write = frameWriter<string, readonly string[]>(stream, (items) => [...items], {
    sizeOf: () => 1,
    maxBytes: 1,
  });
  return { stream, write, flow: linkFlow(stream) };
};

test('a link is not read on while its peer does not read', async () => {
  const { stream, write, flow } = start();
  write('a');
  await turn();
  flow.regulate();
  assert.equal(stream.isRead, false);
  stream.drain();
  assert.equal(stream.isRead, true);
});

test('a link is not read on while inputs take all the bytes that they may', () => {
  const { stream, flow } = start();
  flow.hold('bytes');
  flow.hold('bytes');
  flow.release('bytes');
  assert.equal(stream.isRead, false);
  flow.release('bytes');
  assert.equal(stream.isRead, true);
});

test('an entry that waits for its turn does not hold those of other models', () => {
  const { stream, flow } = start();
  flow.hold('turn');
  assert.equal(stream.isRead, true);
  flow.release('turn');
  flow.hold('bytes');
  assert.equal(stream.isRead, false);
});

test('a link ends after all that was to be written, however slowly its peer reads', async () => {
  const { stream, write, flow } = start();
  for (const item of ['a', 'b', 'c']) write(item);
  flow.end();
  const ended = once(stream, 'ended');
  for (const seen of [['a'], ['a', 'b'], ['a', 'b', 'c']]) {
    await turn();
    assert.deepEqual(stream.events, seen);
    stream.drain();
  }
  await ended;
  assert.deepEqual(stream.events, ['a', 'b', 'c', 'end']);
});

test('a link that has nothing to write ends at once', async () => {
  const { stream, flow } = start();
  const ended = once(stream, 'ended');
  flow.end();
  await ended;
  assert.deepEqual(stream.events, ['end']);
});
