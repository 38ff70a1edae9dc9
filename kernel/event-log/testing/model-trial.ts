import assert from 'node:assert/strict';
import fc from 'fast-check';
import { sweep } from '../embedded/retention.ts';
import { openTables } from '../embedded/tables.ts';
import { openTopics } from '../embedded/topics.ts';
import type { EventLog, Transactor } from '../event-log.ts';
import { collect } from './collect.ts';
import { newName } from './messages.ts';
import { LogModel, type ModelMessage, messageOfModel } from './model.ts';

/** Partitions of the topics; the last topic keeps little. */
const partitions = [1, 3, 1];
const keptBytes = 20_000;
const group = 'group';

const place = fc.record({ topic: fc.nat(2), partition: fc.nat(2), log: fc.nat(1) });
const messages = fc.array(
  fc.record({
    key: fc.string({ maxLength: 10 }),
    value: fc.option(fc.nat(12_000).map((size) => 'v'.repeat(size))),
    timestampMs: fc.nat(50),
  }),
  { maxLength: 12 },
);
export const operation = fc.oneof(
  fc.record({ do: fc.constant('send' as const), place, messages }),
  fc.record({
    do: fc.constant('transact' as const),
    place,
    messages,
    offset: fc.nat(30),
    transactor: fc.nat(2),
  }),
  fc.record({ do: fc.constant('open transactor' as const), place, transactor: fc.nat(2) }),
  fc.record({
    do: fc.constant('read' as const),
    place,
    from: fc.nat(20),
    maxBytes: fc.integer({ min: 1, max: 50_000 }),
  }),
  fc.record({ do: fc.constant('find' as const), place, timeMs: fc.nat(55) }),
  fc.record({ do: fc.constant('sweep' as const), place }),
);
export type Operation = typeof operation extends fc.Arbitrary<infer Value> ? Value : never;

/** A log that two have open, with topics of its own, and what they should hold. */
export class Trial {
  readonly #logs: readonly EventLog[];
  readonly #folder: string;
  readonly #names = partitions.map(() => newName('topic'));
  readonly #model = new LogModel(partitions);
  /** The newest of each id. */
  readonly #transactors = new Map<number, Transactor>();

  constructor(logs: readonly EventLog[], folder: string) {
    this.#logs = logs;
    this.#folder = folder;
  }

  async begin(): Promise<void> {
    const config = { 'retention.bytes': `${keptBytes}` };
    await this.#log(0).admin.create(
      this.#names.map((topic, index) => ({
        topic,
        partitions: partitions[index] ?? 1,
        ...(index === 2 ? { config } : {}),
      })),
    );
  }

  async step(operation: Operation): Promise<void> {
    const topic = operation.place.topic;
    const partition = operation.place.partition % (partitions[topic] ?? 1);
    const log = this.#log(operation.place.log);
    if (operation.do === 'send') await this.#send(log, topic, partition, operation.messages);
    else if (operation.do === 'transact') await this.#transact(topic, partition, operation);
    else if (operation.do === 'open transactor') await this.#openTransactor(log, operation.transactor);
    else if (operation.do === 'read') await this.#read(log, topic, partition, operation);
    else if (operation.do === 'find') await this.#find(log, topic, operation.timeMs);
    else await this.#sweep();
    await this.#compare();
  }

  #log(index: number): EventLog {
    const log = this.#logs[index];
    assert.ok(log);
    return log;
  }

  #name(topic: number): string {
    return this.#names[topic] ?? '';
  }

  async #send(log: EventLog, topic: number, partition: number, sent: readonly ModelMessage[]): Promise<void> {
    await using producer = await log.openProducer();
    const messages = sent.map((each) => messageOfModel(each, partition));
    await producer.send([{ topic: this.#name(topic), messages }]);
    this.#model.store(topic, partition, sent);
  }

  async #openTransactor(log: EventLog, id: number): Promise<void> {
    const before = this.#transactors.get(id);
    this.#transactors.set(id, await log.openTransactor(`${id}`));
    if (before) await assert.rejects(before.commit({ messages: [] }), { code: 'FENCED' });
  }

  async #transact(
    topic: number,
    partition: number,
    { messages, offset, transactor }: Operation & { do: 'transact' },
  ): Promise<void> {
    const sent = messages.map((each) => messageOfModel(each, partition));
    const positions = [{ topic: this.#name(topic), partition, offset: BigInt(offset) }];
    const transaction = {
      messages: [{ topic: this.#name(topic), messages: sent }],
      consumed: { group, positions },
    };
    const open = this.#transactors.get(transactor);
    if (open === undefined) return;
    await open.commit(transaction);
    this.#model.store(topic, partition, messages);
    this.#model.commit(topic, partition, offset);
  }

  async #read(
    log: EventLog,
    topic: number,
    partition: number,
    { from, maxBytes }: Operation & { do: 'read' },
  ): Promise<void> {
    const reading = newName('group');
    await using transactor = await log.openTransactor('reader');
    const start = { topic: this.#name(topic), partition, offset: BigInt(from) };
    await transactor.commit({ messages: [], consumed: { group: reading, positions: [start] } });
    const { first, messages } = this.#model.partition(topic, partition);
    const expected = messages
      .map((each, offset) => ({ ...each, offset: BigInt(offset) }))
      .slice(Math.max(first, from));
    await using collector = await collect(log, {
      topics: [this.#name(topic)],
      group: reading,
      from: 'latest',
      maxBatchBytes: maxBytes,
    });
    const received = await collector.until(expected.length);
    const seen = received.map(({ key, value, timestampMs, offset }) => ({
      key: key?.toString(),
      value: value?.toString() ?? null,
      timestampMs,
      offset,
    }));
    assert.deepEqual(seen, expected);
  }

  async #find(log: EventLog, topic: number, timeMs: number): Promise<void> {
    const found = await log.admin.offsetsAt(this.#name(topic), timeMs);
    assert.deepEqual(
      found.map(({ offset }) => offset),
      this.#model.offsetsAt(topic, timeMs),
    );
  }

  /** What is removed is whole chunks: not the model's business, but that enough stays and not too much. */
  async #sweep(): Promise<void> {
    const tables = openTables('lmdb:model', { folder: this.#folder, fsync: false });
    await sweep(tables, openTopics(tables), new AbortController().signal);
    await tables.close();
    const [range] = await this.#log(0).admin.ranges(this.#name(2));
    const kept = this.#model.partition(2, 0);
    const sizes = kept.messages.map(({ value }) => value?.length ?? 0);
    const first = Number(range?.first);
    assert.ok(first >= kept.first);
    kept.first = first;
    assert.ok(sizes.slice(first).reduce((sum, size) => sum + size, 0) <= keptBytes);
  }

  async #compare(): Promise<void> {
    for (const [topic, name] of this.#names.entries())
      for (const { admin } of this.#logs) {
        assert.deepEqual(await admin.ranges(name), this.#model.ranges(topic));
        const committed = await admin.committed(group, name);
        assert.deepEqual(
          committed.map(({ partition, offset }) => ({ partition, offset })),
          this.#model.committed(topic),
        );
      }
  }
}
