import { usageFailure } from '../../command-failure.ts';

/** A longer line is no row. */
const maxLineCharacters = 64 * 1024 * 1024;

/**
 * The lines of a text, as many at a time as a chunk has; they may end with CRLF or LF, and a byte order mark in front is
 * no part of the first one.
 * @throws CommandFailure USAGE
 */
export async function* textLines(chunks: AsyncIterable<string>): AsyncGenerator<string[]> {
  let rest = '';
  let isFirst = true;
  for await (const chunk of chunks) {
    const text = isFirst && chunk.startsWith('\uFEFF') ? chunk.slice(1) : chunk;
    isFirst = false;
    const lines = (rest + text).split('\n');
    rest = lines.pop() ?? '';
    if (rest.length > maxLineCharacters)
      throw usageFailure(`a line has more than ${maxLineCharacters} characters`);
    if (lines.length > 0) yield lines;
  }
  if (rest !== '') yield [rest];
}
