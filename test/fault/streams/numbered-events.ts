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
  /** Waits until so many more events were scored by both streams. */
  more(events: number): Promise<void>;
  /** Sends no more; resolves when what was begun is sent. */
  stop(): Promise<void>;
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

/** Sends events without a pause, but not far ahead of who scores them. */
export const startNumberedEvents = async (
  log: EventLog,
  tally: Tally,
  {
    total = Number.POSITIVE_INFINITY,
    more = () => ({}),
  }: {
    readonly total?: number;
    /** What else an event has. */
    readonly more?: (number: number) => Partial<Message>;
  } = {},
): Promise<NumberedEvents> => {
  let sent = 0;
  let stopped = false;
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
    while (!stopped && sent < total) {
      if (sent - scoredBy(tally) > maxAhead) {
        await pause();
        continue;
      }
      const messages = Array.from({ length: batch }, (_, index) => {
        const number = sent + index;
        return eventOf(number, more(number));
      });
      await sendBatch(messages);
      sent += batch;
    }
  };
  const running = run();
  const stop = async (): Promise<void> => {
    stopped = true;
    await running;
  };
  return {
    get sent() {
      return sent;
    },
    more: async (events) => {
      const enough = scoredBy(tally) + events;
      await waitFor(`${events} more scored events`, () => scoredBy(tally) >= enough, waitMs);
    },
    stop,
    [Symbol.asyncDispose]: async () => {
      await stop();
      await producer[Symbol.asyncDispose]();
    },
  };
};
