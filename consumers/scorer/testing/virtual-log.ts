import { setImmediate as turn } from 'node:timers/promises';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type {
  AssignedPartition,
  EventLog,
  Message,
  Position,
  Received,
  TopicMessages,
  Transaction,
} from '@sluice/kernel/event-log/event-log';

/** Whole numbers from 0 up to a limit, the same for the same seed. */
export type Random = (limit: number) => number;

export const randomOf = (seed: number): Random => {
  let state = seed | 0;
  return (limit) => {
    state = (state + 0x6d2b79f5) | 0;
    const mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    const more = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((more ^ (more >>> 14)) >>> 0) % limit;
  };
};

const [topic, partition] = ['source', 0];
const away = (): SluiceError => new SluiceError('EVENT_LOG_UNAVAILABLE', 'the log is away');
const never = <T>(): Promise<T> => new Promise(() => undefined);

/** What is written of an event is not taken by the log: `large` as a scored event, `huge` as a dead letter, too. */
const isRefused = ({ value, headers }: Message): boolean => {
  const text = String(value);
  const isLetter = headers.some(([name]) => name === 'sluice.error.code');
  return text.includes('huge') || (text.includes('large') && !isLetter);
};

export interface Written {
  readonly topic: string;
  readonly offset: number;
}

/** One who works on the partition: it may have been killed, or stand still and not know that somebody else has it. */
export interface Worker {
  readonly partition: AssignedPartition;
  readonly eventLog: Pick<EventLog, 'admin' | 'openProducer' | 'openTransactor'>;
  /** Aborts its signal. */
  revoke(): void;
  /** Nothing that it asks from now on is answered or has any effect. */
  kill(): void;
}

/** A log of one partition, in memory, that fails as it is told by chance. */
export class VirtualLog {
  readonly events: readonly Received[];
  /** What who reads committed transactions only can see, in its order. */
  readonly written: Written[] = [];
  /** What must never be. */
  readonly faults: string[] = [];
  committed = 0n;
  #random: Random;
  #epoch = 0;
  #owner = 0;

  constructor(texts: readonly string[], random: Random) {
    this.#random = random;
    this.events = texts.map((text, index) => ({
      topic,
      partition,
      offset: BigInt(index),
      key: Buffer.from('k'),
      value: Buffer.from(text),
      headers: [],
      timestampMs: index,
    }));
  }

  /** Somebody new has the partition. */
  assign(): Worker {
    this.#owner += 1;
    const own = this.#owner;
    const lost = new AbortController();
    const life = { isKilled: false };
    const alive = async <T>(work: () => T): Promise<T> => {
      for (let turns = this.#random(3); turns > 0; turns -= 1) await turn();
      return life.isKilled ? never<T>() : work();
    };
    const commit = (next: bigint): void => {
      if (lost.signal.aborted || own !== this.#owner) return;
      this.#maybe('before');
      this.#commit(next);
      this.#maybe('after');
    };
    const start = this.committed;
    return {
      partition: {
        topic,
        partition,
        signal: lost.signal,
        start,
        batches: () => this.#batches(start, lost.signal),
        next: () => start,
        commit: (next) => alive(() => commit(next)),
      },
      eventLog: {
        admin: { committed: () => alive(() => this.#positions()) } as unknown as EventLog['admin'],
        openProducer: async () => ({
          send: (batch) => alive(() => this.#step(() => this.#write(batch), batch)),
          [Symbol.asyncDispose]: async () => undefined,
        }),
        openTransactor: () =>
          alive(() => {
            this.#maybe('before');
            this.#epoch += 1;
            const epoch = this.#epoch;
            return {
              commit: (transaction) => alive(() => this.#transact(epoch, transaction)),
              [Symbol.asyncDispose]: async () => undefined,
            };
          }),
      },
      revoke: () => lost.abort(),
      kill: () => {
        life.isKilled = true;
      },
    };
  }

  #positions(): Position[] {
    this.#maybe('before');
    return [{ topic, partition, offset: this.committed }];
  }

  async *#batches(start: bigint, signal: AbortSignal): AsyncGenerator<readonly Received[]> {
    let next = Number(start);
    while (!signal.aborted && next < this.events.length) {
      const batch = this.events.slice(next, next + 1 + this.#random(7));
      next += batch.length;
      yield batch;
      await turn();
    }
    if (!signal.aborted) await new Promise((resolve) => signal.addEventListener('abort', resolve));
  }

  #transact(epoch: number, { messages, consumed }: Transaction): void {
    if (epoch !== this.#epoch) throw new SluiceError('FENCED', 'somebody else has opened it');
    this.#step(() => {
      this.#write(messages);
      this.#commit(consumed?.positions[0]?.offset ?? 0n);
    }, messages);
  }

  #step(work: () => void, batch: readonly TopicMessages[]): void {
    if (batch.some(({ messages }) => messages.some(isRefused)))
      throw new SluiceError('INVALID_INPUT', 'a message is too large');
    this.#maybe('before');
    work();
    this.#maybe('after');
  }

  /** What was asked for was done when it fails after, and not when it fails before. */
  #maybe(_when: 'before' | 'after'): void {
    if (this.#random(12) === 0) throw away();
  }

  #write(batch: readonly TopicMessages[]): void {
    for (const { topic: to, messages } of batch)
      for (const { headers, value } of messages) {
        const place = headers.find(([name]) => name === 'sluice.error.offset')?.[1];
        const offset = Number(place ?? String(value).split(':')[1]);
        this.written.push({ topic: to, offset });
      }
  }

  /** Whatever is committed is finished: all that lies before it can be seen, but for what nobody writes. */
  #commit(next: bigint): void {
    if (next < this.committed) this.faults.push(`${next} is committed after ${this.committed}`);
    this.committed = next;
    const there = new Set(this.written.map(({ offset }) => offset));
    for (const { offset, value } of this.events.slice(0, Number(next)))
      if (!/^(skip|huge)/.test(String(value)) && !there.has(Number(offset)))
        this.faults.push(`${next} is committed, and nothing came of ${offset}`);
  }
}
