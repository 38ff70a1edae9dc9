import assert from 'node:assert/strict';
import { test } from 'node:test';
import { CUT_MARK, splitLines } from './split-lines.ts';

const split = async (chunks: readonly (string | Buffer)[], maxBytes?: number): Promise<string[]> => {
  const source = async function* () {
    for (const chunk of chunks) yield Buffer.from(chunk);
  };
  const lines: string[] = [];
  for await (const line of splitLines(source(), maxBytes)) lines.push(line);
  return lines;
};

test('lines are cut at line ends, wherever the chunks end', async () => {
  assert.deepEqual(await split(['a', 'b\nc', '\r\n\n', 'd']), ['ab', 'c', 'd']);
});

test('a character that lies in two chunks stays whole', async () => {
  const bytes = Buffer.from('für\n');
  assert.deepEqual(await split([bytes.subarray(0, 2), bytes.subarray(2)]), ['für']);
});

test('an overlong line is cut and marked, and the next one is whole', async () => {
  assert.deepEqual(await split(['1234', '5678', '9\nabcd\n'], 6), [`123456${CUT_MARK}`, 'abcd']);
});
