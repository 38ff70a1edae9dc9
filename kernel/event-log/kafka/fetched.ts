import type { KafkaMessage } from 'kafkajs';
import type { Header, Received } from '../event-log.ts';

/**
 * kafkajs gathers them in an object that inherits from all objects: what it finds there under a name such as
 * `constructor` stands before the header of that name.
 */
const isContent = (content: unknown): content is Buffer | string | null | undefined =>
  content === null || content === undefined || typeof content === 'string' || Buffer.isBuffer(content);

const headersOf = ({ headers = {} }: KafkaMessage): Header[] =>
  Object.entries(headers).flatMap(([name, value]) =>
    [value]
      .flat()
      .filter(isContent)
      .map((each): Header => [name, Buffer.from(each ?? '')]),
  );

export const receivedOf = (topic: string, partition: number, message: KafkaMessage): Received => ({
  topic,
  partition,
  offset: BigInt(message.offset),
  key: message.key,
  value: message.value,
  headers: headersOf(message),
  timestampMs: Number(message.timestamp),
});

/** What each message takes beside its bytes. */
const messageBytes = 20;

const sizeOf = ({ key, value, headers }: Received): number =>
  headers.reduce(
    (sum, [name, content]) => sum + name.length + content.length,
    messageBytes + (key?.length ?? 0) + (value?.length ?? 0),
  );

/** Messages of one partition that were fetched and not yet asked for. */
export class Fetched {
  #messages: Received[] = [];
  #bytes = 0;
  #wake = Promise.withResolvers<void>();

  get bytes(): number {
    return this.#bytes;
  }

  /** The offset of the first one. */
  get first(): bigint | undefined {
    return this.#messages[0]?.offset;
  }

  push(messages: readonly Received[]): void {
    for (const message of messages) {
      this.#messages.push(message);
      this.#bytes += sizeOf(message);
    }
    this.wake();
  }

  /** Who waits for more looks again. */
  wake(): void {
    this.#wake.resolve();
    this.#wake = Promise.withResolvers();
  }

  more(): Promise<void> {
    return this.#wake.promise;
  }

  clear(): void {
    this.#messages = [];
    this.#bytes = 0;
  }

  /** The next ones, of at most so many bytes, at least one; empty when there are none. */
  take(maxBytes: number): Received[] {
    let count = 0;
    let bytes = 0;
    for (const message of this.#messages) {
      const size = sizeOf(message);
      if (count > 0 && bytes + size > maxBytes) break;
      bytes += size;
      count += 1;
    }
    this.#bytes -= bytes;
    return this.#messages.splice(0, count);
  }
}
