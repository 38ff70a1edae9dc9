import { setImmediate as turn } from 'node:timers/promises';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { TopicMessages } from '../event-log.ts';

type Send = (batch: readonly TopicMessages[]) => Promise<void>;

interface Waiting extends PromiseWithResolvers<void> {
  readonly batch: readonly TopicMessages[];
}

export interface GatheredSends {
  readonly send: Send;
  /** Resolves when nothing is under way. */
  readonly settled: () => Promise<void>;
}

/** Whether it may be the fault of one of them alone. */
const mayBeOnes = (error: unknown): boolean =>
  error instanceof SluiceError && error.code !== 'EVENT_LOG_UNAVAILABLE';

const sendTogether = async (send: Send, together: readonly Waiting[]): Promise<void> => {
  try {
    await send(together.flatMap(({ batch }) => batch));
    for (const { resolve } of together) resolve();
  } catch (error) {
    if (together.length > 1 && mayBeOnes(error))
      for (const each of together) await sendTogether(send, [each]);
    else for (const { reject } of together) reject(error);
  }
};

/**
 * One send after the other, in the order of the calls. Those of one turn of the event loop go together, as do those that
 * come while one is under way: a broker and who reads from it have more work with a request than with what is in it.
 */
export const gatherSends = (send: Send): GatheredSends => {
  let waiting: Waiting[] = [];
  let running: Promise<void> | undefined;
  const run = async (): Promise<void> => {
    while (waiting.length > 0) {
      await turn();
      const together = waiting;
      waiting = [];
      await sendTogether(send, together);
    }
    running = undefined;
  };
  return {
    send: (batch) => {
      const own = { batch, ...Promise.withResolvers<void>() };
      waiting.push(own);
      running ??= run();
      return own.promise;
    },
    settled: async () => running,
  };
};
