/** gRPC: a byte that says whether a message is compressed, and four with its length. */
const headBytes = 5;
/** Answers are small; what says more is no gRPC. */
const maxMessageBytes = 64 * 1024 * 1024;

/** A message lies in these bytes, from start to end. */
export type TakeMessage = (bytes: Buffer, start: number, end: number) => void;

/**
 * Takes what comes of a gRPC stream, and gives its messages.
 * @throws Error where it is no gRPC, or compressed
 */
export const splitFrames = (take: TakeMessage): ((chunk: Buffer) => void) => {
  let rest: Buffer[] = [];
  let restBytes = 0;
  let needed = headBytes;
  return (chunk) => {
    rest.push(chunk);
    restBytes += chunk.length;
    if (restBytes < needed) return;
    const all = rest.length === 1 ? chunk : Buffer.concat(rest, restBytes);
    let at = 0;
    needed = headBytes;
    while (all.length - at >= headBytes) {
      const length = all.readUInt32BE(at + 1);
      if (all[at] !== 0 || length > maxMessageBytes) throw new Error('the answers are no uncompressed gRPC');
      if (all.length - at < headBytes + length) {
        needed = headBytes + length;
        break;
      }
      const start = at + headBytes;
      at = start + length;
      take(all, start, at);
    }
    rest = at === all.length ? [] : [all.subarray(at)];
    restBytes = all.length - at;
  };
};
