import { SluiceError } from '../../errors/sluice-error.ts';
import type { EventLog, Message, TopicMessages } from '../../event-log/event-log.ts';
import { sequenceHeader, spoolHeader } from '../../records/topics.ts';
import type { Watermark } from '../../records/watermark.ts';

/** What a send may come to: nobody is told of an unknown one how much of it was stored. */
export type SendFault = { readonly kind: 'lost' } | { readonly kind: 'unknown'; readonly stored: number };

interface Stored {
  readonly spool: string;
  readonly sequence: number;
  readonly id: string;
  readonly key: string;
}

const textOf = ({ headers }: Message, name: string): string =>
  headers.find(([each]) => each === name)?.[1].toString() ?? '';

const never = (): never => {
  throw new Error('a spool does not ask for that');
};

/** The partitions of a log in memory, the database behind it, and the faults of the way there. */
export class VirtualLog {
  /** The first ones meet the next sends. */
  readonly faults: SendFault[] = [];
  /** In the order in which they were stored, without those that came again. */
  readonly database: Stored[] = [];
  readonly #ids = new Set<string>();
  readonly #partitions = new Map<string, { messages: Stored[]; read: number }>();
  readonly #watermarks = new Map<string, Map<string, Watermark>>();

  /** A way to the log that ends when its gateway does. */
  session(): { readonly openLog: () => Promise<EventLog>; readonly end: () => void } {
    let isOver = false;
    const send = async (batch: readonly TopicMessages[]): Promise<void> => {
      await new Promise((resolve) => setImmediate(resolve));
      if (isOver) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'the session is over');
      this.#store(batch, this.faults.shift());
    };
    const nothing = async (): Promise<void> => undefined;
    const openLog = async (): Promise<EventLog> => ({
      url: 'virtual:',
      admin: {
        id: never,
        create: nothing,
        topics: async () => [...new Set([...this.#partitions.keys()].map((at) => at.split(' ')[0] ?? ''))],
        ranges: never,
        offsetsAt: never,
        committed: never,
        forget: never,
      },
      openProducer: async () => ({ send, [Symbol.asyncDispose]: nothing }),
      openTransactor: never,
      consume: never,
      [Symbol.asyncDispose]: nothing,
    });
    return {
      openLog,
      end: () => {
        isOver = true;
      },
    };
  }

  /** Of a send whose outcome is unknown each partition has a beginning, as Kafka's has. */
  #store(batch: readonly TopicMessages[], fault: SendFault | undefined): void {
    let left = fault?.kind === 'unknown' ? fault.stored : Number.POSITIVE_INFINITY;
    if (fault?.kind === 'lost') left = 0;
    for (const { topic, headers = [], messages } of batch)
      for (const message of messages) {
        if (left <= 0) break;
        left -= 1;
        this.#append(`${topic} ${message.partition}`, {
          ...message,
          headers: [...headers, ...message.headers],
        });
      }
    if (fault !== undefined) throw new SluiceError('EVENT_LOG_UNAVAILABLE', 'nobody knows');
  }

  #append(at: string, message: Message): void {
    const partition = this.#partitions.get(at) ?? { messages: [], read: 0 };
    this.#partitions.set(at, partition);
    partition.messages.push({
      spool: textOf(message, spoolHeader),
      sequence: Number(textOf(message, sequenceHeader)),
      id: textOf(message, 'ce_id'),
      key: message.key.toString(),
    });
  }

  /** The database takes so many messages of each partition. */
  store(count: number): void {
    for (const [at, partition] of this.#partitions) {
      const messages = partition.messages.slice(partition.read, partition.read + count);
      partition.read += messages.length;
      for (const message of messages) this.#take(at, message);
    }
  }

  #take(at: string, message: Stored): void {
    const [topic = '', partition = ''] = at.split(' ');
    if (!this.#ids.has(message.id)) this.database.push(message);
    this.#ids.add(message.id);
    const marks = this.#watermarks.get(message.spool) ?? new Map<string, Watermark>();
    this.#watermarks.set(message.spool, marks);
    const sequence = Math.max(marks.get(at)?.sequence ?? 0, message.sequence);
    marks.set(at, { topic, partition: Number(partition), sequence });
  }

  has(id: string): boolean {
    return this.#ids.has(id);
  }

  readonly watermarks = async (spool: string): Promise<readonly Watermark[]> => [
    ...(this.#watermarks.get(spool)?.values() ?? []),
  ];
}
