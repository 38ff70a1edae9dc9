import type { EventLog, Message } from '@sluice/kernel/event-log/event-log';
import { waitFor } from '../../support/wait-for.ts';
import { deliveries, source } from './plant.ts';
import type { Tally } from './tally.ts';

const names = 61;
const batch = 500;
/** Events that may be ahead of the slower stream. */
const maxAhead = 10_000;
const pauseMs = 20;
const waitMs = 300_000;

/** Of which the topic of events tells where each of them lies; one whose sending came to nothing may be there twice. */
export interface NumberedEvents extends AsyncDisposable {
  readonly sent: number;
  /** Sends until there are as many. */
  upTo(events: number): void;
  /** Waits until both streams have scored as many. */
  scored(events: number): Promise<void>;
}

const eventOf = (number: number, more: Partial<Message>): Message => {
  const name = `n${number % names}`;
  return {
    key: Buffer.from(name),
    value: Buffer.from(JSON.stringify({ number, name })),
    headers: [],
    ...more,
  };
};

const pause = (): Promise<void> => new Promise((resolve) => setTimeout(resolve, pauseMs));

export const scoredBy = ({ streams }: Tally): number =>
  Math.min(...deliveries.map((delivery) => streams[delivery].scored));

/** Sends events as fast as the log takes them, but not far ahead of who scores them. */
export const startNumberedEvents = async (
  log: EventLog,
  tally: Tally,
  more: (number: number) => Partial<Message> = () => ({}),
): Promise<NumberedEvents> => {
  let [sent, limit, stopped] = [0, 0, false];
  const producer = await log.openProducer();
  const sendBatch = async (messages: readonly Message[]): Promise<void> => {
    for (;;)
      try {
        return await producer.send([{ topic: source, messages }]);
      } catch {
        await pause();
      }
  };
  const run = async (): Promise<void> => {
    while (!stopped)
      if (sent >= limit || sent - scoredBy(tally) > maxAhead) await pause();
      else {
        const from = sent;
        const count = Math.min(batch, limit - from);
        await sendBatch(
          Array.from({ length: count }, (_, index) => eventOf(from + index, more(from + index))),
        );
        sent += count;
      }
  };
  const running = run();
  return {
    get sent() {
      return sent;
    },
    upTo: (events) => {
      limit = Math.max(limit, Math.floor(events));
    },
    scored: async (events) => {
      await waitFor(`${events} scored events`, () => scoredBy(tally) >= events, waitMs);
    },
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      await running;
      await producer[Symbol.asyncDispose]();
    },
  };
};
