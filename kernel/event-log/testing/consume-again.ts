import { setTimeout as pause } from 'node:timers/promises';
import type { ConsumeOptions, Consumer, EventLog } from '../event-log.ts';

const restMs = 100;

/** A consumer that is opened anew whenever it ends by itself, as one does while a broker is away. */
export const consumeAgain = async (log: EventLog, options: ConsumeOptions): Promise<Consumer> => {
  let isClosed = false;
  let current = await log.consume(options);
  const open = async (): Promise<void> => {
    await pause(restMs);
    if (isClosed) return;
    const next = await log.consume(options);
    current = next;
    if (isClosed) await next[Symbol.asyncDispose]();
  };
  const keep = async (): Promise<void> => {
    while (!isClosed) {
      await current.ended.catch(() => undefined);
      await open().catch(() => undefined);
    }
  };
  const ended = keep();
  return {
    ended,
    assigned: () => current.assigned(),
    [Symbol.asyncDispose]: async () => {
      isClosed = true;
      await current[Symbol.asyncDispose]();
      await ended;
    },
  };
};
