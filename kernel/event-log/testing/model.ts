import assert from 'node:assert/strict';
import type { Message } from '../event-log.ts';

export interface ModelMessage {
  readonly key: string;
  readonly value: string | null;
  readonly timestampMs: number;
}

interface ModelPartition {
  first: number;
  readonly messages: ModelMessage[];
}

/** What a log should hold: arrays in memory. */
export class LogModel {
  readonly #topics: readonly ModelPartition[][];
  readonly #committed = new Map<string, number>();

  constructor(partitionsOfTopics: readonly number[]) {
    this.#topics = partitionsOfTopics.map((count) =>
      Array.from({ length: count }, () => ({ first: 0, messages: [] })),
    );
  }

  partition(topic: number, partition: number): ModelPartition {
    const found = this.#topics[topic]?.[partition];
    assert.ok(found);
    return found;
  }

  store(topic: number, partition: number, messages: readonly ModelMessage[]): void {
    this.partition(topic, partition).messages.push(...messages);
  }

  commit(topic: number, partition: number, offset: number): void {
    this.#committed.set(`${topic} ${partition}`, offset);
  }

  ranges(topic: number): { partition: number; first: bigint; next: bigint }[] {
    return (this.#topics[topic] ?? []).map(({ first, messages }, partition) => ({
      partition,
      first: BigInt(first),
      next: BigInt(messages.length),
    }));
  }

  committed(topic: number): { partition: number; offset: bigint }[] {
    return (this.#topics[topic] ?? []).flatMap((_, partition) => {
      const offset = this.#committed.get(`${topic} ${partition}`);
      return offset === undefined ? [] : [{ partition, offset: BigInt(offset) }];
    });
  }

  offsetsAt(topic: number, timeMs: number): bigint[] {
    return (this.#topics[topic] ?? []).map(({ first, messages }) => {
      const found = messages.findIndex((each, offset) => offset >= first && each.timestampMs >= timeMs);
      return BigInt(found === -1 ? messages.length : found);
    });
  }
}

export const messageOfModel = ({ key, value, timestampMs }: ModelMessage, partition: number): Message => ({
  key: Buffer.from(key),
  value: value === null ? null : Buffer.from(value),
  headers: [['name', Buffer.from(key)]],
  timestampMs,
  partition,
});
