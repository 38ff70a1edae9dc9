import assert from 'node:assert/strict';
import { EventEmitter } from 'node:events';
import { test } from 'node:test';
import { setImmediate as turn } from 'node:timers/promises';
import fc from 'fast-check';
import { frameWriter } from './frame-writer.ts';

/** A stream that keeps what is written, and says `blocked` when it has had enough. */
const recorder = (capacity = Number.POSITIVE_INFINITY) => {
  const events = new EventEmitter();
  const frames: number[][] = [];
  let room = capacity;
  return {
    frames,
    write: (frame: number[]) => {
      frames.push(frame);
      room -= 1;
      return room > 0;
    },
    on: (event: 'drain', listener: () => void) => events.on(event, listener),
    drain: () => {
      room = capacity;
      events.emit('drain');
    },
  };
};
const copy = (items: readonly number[]): number[] => [...items];
const mb = 1024 * 1024;
const small = { sizeOf: () => 1, maxBytes: 4 * mb };

test('what comes in one turn of the event loop leaves in one frame', async () => {
  const stream = recorder();
  const write = frameWriter(stream, copy, small);
  for (const item of [1, 2, 3]) write(item);
  await Promise.resolve().then(() => write(4));
  assert.deepEqual(stream.frames, []);
  await turn();
  write(5);
  await turn();
  assert.deepEqual(stream.frames, [[1, 2, 3, 4], [5]]);
});

test('nothing is written while the stream is blocked, and what has gathered leaves together', async () => {
  const stream = recorder(1);
  const write = frameWriter(stream, copy, small);
  write(1);
  await turn();
  for (const item of [2, 3]) {
    write(item);
    await turn();
  }
  assert.deepEqual(stream.frames, [[1]]);
  stream.drain();
  assert.deepEqual(stream.frames, [[1], [2, 3]]);
});

test('a drain with nothing to write writes nothing', async () => {
  const stream = recorder(1);
  const write = frameWriter(stream, copy, small);
  stream.drain();
  write(1);
  await turn();
  stream.drain();
  assert.deepEqual(stream.frames, [[1]]);
});

test('a frame holds at most 1024 items', async () => {
  const stream = recorder();
  const write = frameWriter(stream, copy, small);
  for (let item = 0; item < 2500; item += 1) write(item);
  await turn();
  assert.deepEqual(
    stream.frames.map(({ length }) => length),
    [1024, 1024, 452],
  );
});

test('a frame is bounded in bytes, and one item that is larger travels alone', async () => {
  const stream = recorder();
  const write = frameWriter(stream, copy, { sizeOf: (item) => item, maxBytes: 4 * mb });
  for (const item of [mb, mb, 3 * mb, 60 * mb, 1, 2]) write(item);
  await turn();
  assert.deepEqual(stream.frames, [[mb, mb], [3 * mb], [60 * mb], [1, 2]]);
});

test('every item is written once and in order, however the stream blocks', async () => {
  const step = fc.constantFrom('write', 'turn', 'drain');
  await fc.assert(
    fc.asyncProperty(
      fc.array(step, { maxLength: 60 }),
      fc.integer({ min: 1, max: 3 }),
      async (steps, capacity) => {
        const stream = recorder(capacity);
        const write = frameWriter(stream, copy, { sizeOf: () => mb, maxBytes: 4 * mb });
        let next = 0;
        for (const each of steps) {
          if (each === 'write') write(next++);
          else if (each === 'turn') await turn();
          else stream.drain();
        }
        await turn();
        for (let drains = 0; drains < steps.length; drains += 1) stream.drain();
        assert.deepEqual(
          stream.frames.flat(),
          Array.from({ length: next }, (_, index) => index),
        );
      },
    ),
  );
});
