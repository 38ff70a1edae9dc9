import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Message } from '@sluice/kernel/event-log/event-log';
import { usageFailure } from '../command-failure.ts';
import type { ParseLine } from './message-line.ts';

export interface SendOptions {
  readonly log: EventLog;
  readonly topic: string;
  readonly lines: AsyncIterable<string>;
  readonly parse: ParseLine;
  /** Messages a second; undefined: as fast as it goes. */
  readonly rate: number | undefined;
  readonly onSent: (count: number) => void;
  readonly stop: AbortSignal;
}

/** Of one send. */
const maxMessages = 1_000;
const maxBytes = 1024 ** 2;

const sizeOf = ({ key, value }: Message): number => key.length + (value?.length ?? 0);

/** Gathers messages that are sent together. */
class Outgoing {
  messages: Message[] = [];
  #bytes = 0;

  add(message: Message): void {
    this.messages.push(message);
    this.#bytes += sizeOf(message);
  }

  get isFull(): boolean {
    return this.messages.length >= maxMessages || this.#bytes >= maxBytes;
  }

  take(): Message[] {
    const taken = this.messages;
    this.messages = [];
    this.#bytes = 0;
    return taken;
  }
}

/** Messages without a key go to the partitions in turn. */
const inTurn = (message: Message, index: number, partitions: number): Message =>
  message.key.length > 0 ? message : { ...message, partition: index % partitions };

/**
 * Sends lines as messages, in their order, and answers how many were sent. Empty lines are left out.
 * @throws CommandFailure USAGE naming the line that is no message; SluiceError as of the event log
 */
export const sendLines = async (options: SendOptions): Promise<number> => {
  const { log, topic, lines, parse, rate, onSent, stop } = options;
  const { length: partitions } = await log.admin.ranges(topic);
  await using producer = await log.openProducer();
  const outgoing = new Outgoing();
  const beganAt = performance.now();
  let [line, count, sent] = [0, 0, 0];
  const send = async (): Promise<void> => {
    const messages = outgoing.take();
    if (messages.length === 0) return;
    await producer.send([{ topic, messages }]);
    sent += messages.length;
    onSent(sent);
  };
  /** Waits until the next message may go; what was gathered goes before. */
  const keepTo = async (messagesPerSecond: number): Promise<void> => {
    const leftMs = beganAt + (count * 1_000) / messagesPerSecond - performance.now();
    if (leftMs <= 0) return;
    await send();
    await pause(leftMs, undefined, { signal: stop });
  };
  for await (const text of lines) {
    stop.throwIfAborted();
    line += 1;
    if (text.trim() === '') continue;
    const parsed = parse(text);
    if ('error' in parsed) {
      await send();
      throw usageFailure(`line ${line}: ${parsed.error}; ${sent} messages before it were sent`);
    }
    if (rate !== undefined) await keepTo(rate);
    outgoing.add(inTurn(parsed.value, count, partitions));
    count += 1;
    if (outgoing.isFull) await send();
  }
  await send();
  return sent;
};
