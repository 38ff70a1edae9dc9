import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Message } from '@sluice/kernel/event-log/event-log';
import { waitFor } from '../../support/wait-for.ts';
import { deliveries, source } from './plant.ts';
import type { Tally } from './tally.ts';

const names = 61;
const batch = 500;
/** Events that may be ahead of the slower stream. */
const maxAhead = 2_000;
const pauseMs = 20;
const waitMs = 300_000;

/** Of which the topic of events tells where each of them lies; one whose sending came to nothing may be there twice. */
export interface NumberedEvents extends AsyncDisposable {
  readonly sent: number;
  /** Sends until there are as many. */
  upTo(events: number): void;
  /** Resolves when there are as many as were asked for. */
  allSent(): Promise<void>;
  /** Sends no more; resolves when what was begun is sent. */
  halt(): Promise<void>;
  /** Waits until something came of as many, by both streams. */
  done(events: number): Promise<void>;
  /** Waits until something came of so many more. */
  more(events: number): Promise<void>;
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

const doneBy = ({ streams }: Tally): number =>
  Math.min(...deliveries.map((delivery) => streams[delivery].done));

/** Sends events as fast as the log takes them, but not far ahead of who scores them. */
export const startNumberedEvents = async (
  log: EventLog,
  tally: Tally,
  more: (number: number) => Partial<Message> = () => ({}),
): Promise<NumberedEvents> => {
  let [sent, limit, stopped, isSending] = [0, 0, false, false];
  const producer = await log.openProducer();
  const sendBatch = async (messages: readonly Message[]): Promise<void> => {
    for (;;)
      try {
        return await producer.send([{ topic: source, messages }]);
      } catch {
        await pause(pauseMs);
      }
  };
  const run = async (): Promise<void> => {
    while (!stopped)
      if (sent >= limit || sent - doneBy(tally) > maxAhead) await pause(pauseMs);
      else {
        isSending = true;
        const from = sent;
        const count = Math.min(batch, limit - from);
        await sendBatch(
          Array.from({ length: count }, (_, index) => eventOf(from + index, more(from + index))),
        );
        sent += count;
        isSending = false;
      }
  };
  const running = run();
  const done = async (events: number): Promise<void> => {
    await waitFor(`${events} events to be scored`, () => doneBy(tally) >= events, waitMs);
  };
  return {
    get sent() {
      return sent;
    },
    upTo: (events) => {
      limit = Math.floor(events);
    },
    allSent: async () => {
      await waitFor('all events to be sent', () => sent >= limit, waitMs);
    },
    halt: async () => {
      limit = 0;
      await waitFor('the last events to be sent', () => !isSending, waitMs);
    },
    done,
    more: (events) => done(doneBy(tally) + events),
    [Symbol.asyncDispose]: async () => {
      stopped = true;
      await running;
      await producer[Symbol.asyncDispose]();
    },
  };
};
