import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { eventOf } from '../load/stream-events.ts';

export interface PublishOptions {
  readonly topic: string;
  readonly perSecond: number;
  readonly seconds: number;
}

/** What was due since then is sent together, as a producer with a linger would. */
const tickMs = 5;

/** Writes events at a steady rate, each with the time at which it was due; how many. */
export const publishEvents = async (
  log: EventLog,
  { topic, perSecond, seconds }: PublishOptions,
): Promise<number> => {
  await using producer = await log.openProducer();
  const all = Math.round(perSecond * seconds);
  const startedAt = Date.now();
  const dueAt = (index: number): number => startedAt + (index * 1_000) / perSecond;
  for (let sent = 0; sent < all; ) {
    const due = Math.min(all, Math.ceil(((Date.now() - startedAt) * perSecond) / 1_000));
    const messages = Array.from({ length: due - sent }, (_, at) => eventOf(sent + at, dueAt(sent + at)));
    if (messages.length > 0) await producer.send([{ topic, messages }]);
    sent = due;
    await pause(tickMs);
  }
  return all;
};
