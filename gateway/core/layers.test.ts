import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Layer, road } from './layers.ts';

const naming = (name: string): Layer<string[], string[], string[], string[]> => {
  return (next) => async (call) => [...(await next([...call, `${name}>`])), `<${name}`];
};

test('calls pass the layers from the outermost in, answers from the innermost out', async () => {
  const handle = road(naming('a'))
    .layer(naming('b'))
    .layer(naming('c'))
    .end(async (call) => [...call, 'end']);
  assert.deepEqual(await handle([]), ['a>', 'b>', 'c>', 'end', '<c', '<b', '<a']);
});

test('what a layer throws reaches the outer ones, and the inner ones are not called', async () => {
  let reached = false;
  const handle = road<string[], string[], string[], string[]>((next) => async (call) => {
    try {
      return await next(call);
    } catch (error) {
      return [String(error)];
    }
  })
    .layer<string[], string[]>(() => async () => {
      throw new RangeError('no further');
    })
    .end(async (call) => {
      reached = true;
      return call;
    });
  assert.deepEqual(await handle([]), ['RangeError: no further']);
  assert.equal(reached, false);
});
