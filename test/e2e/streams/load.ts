import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { event } from './topics.ts';

export interface Load {
  /** Ends it; resolves with how many events were sent. */
  stop(): Promise<number>;
}

/** Between two sends, so that a test does not take the whole machine. */
const tickMs = 20;
const eventsATick = 5;

/** Sends events without end, of a few keys, to all partitions of a topic. */
export const keepSending = (log: EventLog, topic: string, eventOf: (number: number) => object): Load => {
  const stopping = new AbortController();
  let sent = 0;
  const work = async (): Promise<void> => {
    await using producer = await log.openProducer();
    while (!stopping.signal.aborted) {
      const messages = Array.from({ length: eventsATick }, (_, index) =>
        event(`key-${(sent + index) % 16}`, eventOf(sent + index)),
      );
      await producer.send([{ topic, messages }]);
      sent += eventsATick;
      await pause(tickMs);
    }
  };
  const working = work();
  // Whoever stops it is told.
  working.catch(() => undefined);
  return {
    stop: async () => {
      stopping.abort();
      await working;
      return sent;
    },
  };
};
