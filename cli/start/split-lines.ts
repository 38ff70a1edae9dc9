/** A longer line is cut: what a process writes must not fill the supervisor's memory. */
const MAX_LINE_BYTES = 256 * 1024;

/** Stands where the rest of an overlong line was dropped. */
export const CUT_MARK = '… (line cut)';

const NEWLINE = 0x0a;

/**
 * The lines of a byte stream, as UTF-8 without their line ends; empty lines are left out. Reads no faster
 * than its consumer, and holds at most one line of `maxBytes` beside the current chunk.
 */
export async function* splitLines(
  source: AsyncIterable<Buffer>,
  maxBytes: number = MAX_LINE_BYTES,
): AsyncGenerator<string> {
  let held: Buffer[] = [];
  let heldBytes = 0;
  let isCut = false;
  const hold = (part: Buffer): void => {
    const kept = part.subarray(0, maxBytes - heldBytes);
    if (kept.length > 0) held.push(kept);
    heldBytes += kept.length;
    isCut ||= kept.length < part.length;
  };
  const release = (): string => {
    const line = Buffer.concat(held).toString('utf8').replace(/\r$/, '') + (isCut ? CUT_MARK : '');
    held = [];
    heldBytes = 0;
    isCut = false;
    return line;
  };
  for await (const chunk of source) {
    let start = 0;
    for (let end = chunk.indexOf(NEWLINE); end !== -1; end = chunk.indexOf(NEWLINE, start)) {
      hold(chunk.subarray(start, end));
      start = end + 1;
      const line = release();
      if (line !== '') yield line;
    }
    hold(chunk.subarray(start));
  }
  const last = release();
  if (last !== '') yield last;
}
