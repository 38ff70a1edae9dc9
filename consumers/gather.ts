import { setTimeout as pause } from 'node:timers/promises';

export interface GatherLimits {
  readonly maxMessages: number;
  /** How long more is waited for after the first message. */
  readonly lingerMs: number;
}

/** Cuts what came into pieces of at most so many. */
const cut = <T>(items: readonly T[], size: number): (readonly T[])[] =>
  Array.from({ length: Math.ceil(items.length / size) }, (_, index) =>
    items.slice(index * size, (index + 1) * size),
  );

/**
 * Makes larger batches of small ones: what comes within a few milliseconds, up to a number of messages. Reads at most one
 * batch ahead.
 */
export const gather = async function* <T>(
  source: AsyncIterable<readonly T[]>,
  { maxMessages, lingerMs }: GatherLimits,
): AsyncGenerator<readonly T[]> {
  const iterator = source[Symbol.asyncIterator]();
  const ask = (): Promise<IteratorResult<readonly T[]>> => {
    const asked = iterator.next();
    // It may fail while nobody waits for it yet; who does is told.
    asked.catch(() => undefined);
    return asked;
  };
  let next = ask();
  for (let first = await next; first.done !== true; first = await next) {
    const gathered = [...first.value];
    const full = new AbortController();
    const linger = pause(lingerMs, undefined, { signal: full.signal }).catch(() => undefined);
    next = ask();
    while (gathered.length < maxMessages) {
      const more = await Promise.race([next, linger]);
      if (more === undefined || more.done === true) break;
      gathered.push(...more.value);
      next = ask();
    }
    full.abort();
    yield* cut(gathered, maxMessages);
  }
};
