import { createServer } from 'node:net';

/**
 * Below the range from which systems take ports for outgoing connections: a client that tries again
 * and again to reach a port of that range while nobody listens there ends up connected to itself.
 */
const [lowest, highest] = [12_000, 30_000];

/** Whether nobody listens on a port of this machine. */
export const isFree = (port: number): Promise<boolean> => {
  const { promise, resolve } = Promise.withResolvers<boolean>();
  const server = createServer();
  server.once('error', () => resolve(false));
  server.listen(port, '127.0.0.1', () => server.close(() => resolve(true)));
  return promise;
};

/** What was given away before, and may not be in use yet. */
const given = new Set<number>();
/** Test files run at once, and a server that is killed wants its port again: their processes begin apart. */
const apart = 100;
let next = lowest + ((process.pid * apart) % (highest - lowest));

/** A port p for which p + each of the offsets was free a moment ago; no other block of this process has them. */
export const freeBlock = async (offsets: readonly number[]): Promise<number> => {
  for (;;) {
    const port = next;
    next = port + 1 < highest ? port + 1 : lowest;
    const block = offsets.map((offset) => port + offset);
    const free = await Promise.all(block.map(isFree));
    if (!free.every(Boolean) || block.some((each) => given.has(each))) continue;
    for (const each of block) given.add(each);
    return port;
  }
};

/** A port that was free a moment ago. */
export const freePort = (): Promise<number> => freeBlock([0]);
