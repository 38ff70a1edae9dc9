import assert from 'node:assert/strict';
import { test } from 'node:test';
import { setTimeout as pause } from 'node:timers/promises';
import { isDeepStrictEqual } from 'node:util';
import type { AssignedPartition, EventLog, Position } from '../../event-log.ts';
import { collect, readAll, valuesOf } from '../collect.ts';
import { eventually } from '../eventually.ts';
import type { LogKind } from '../log-kind.ts';
import { message, newName, newTopic, numbered, sendAll } from '../messages.ts';

/** Long enough that what is stored would have been read. */
const readingMs = 500;

/** What was committed may take a moment until it can be seen. */
const untilCommitted = (log: EventLog, group: string, expected: readonly Position[]): Promise<void> =>
  eventually(`${group} to be where it should`, async () => {
    const positions = await log.admin.committed(group, expected[0]?.topic ?? '');
    return isDeepStrictEqual(positions, expected);
  });

export const transactionCases = (kind: LogKind): void => {
  test('messages of several topics and the offsets that they come from are there in one step', async (t) => {
    const { log } = await kind.open(t);
    const [one, two, source] = [await newTopic(log, 2), await newTopic(log), await newTopic(log, 2)];
    const group = newName('group');
    await using transactor = await log.openTransactor(newName('transactor'));
    await transactor.commit({
      messages: [
        { topic: one, messages: numbered('a', 0, 3) },
        { topic: two, messages: numbered('b', 0, 2) },
      ],
      consumed: { group, positions: [{ topic: source, partition: 1, offset: 7n }] },
    });
    await untilCommitted(log, group, [{ topic: source, partition: 1, offset: 7n }]);
    assert.deepEqual(valuesOf(await readAll(log, one, 3)), ['a-0', 'a-1', 'a-2']);
    assert.deepEqual(valuesOf(await readAll(log, two, 2)), ['b-0', 'b-1']);
  });

  test('transactions of one transactor are read in their order, between those of others', async (t) => {
    const { log } = await kind.open(t);
    const topic = await newTopic(log);
    await using transactor = await log.openTransactor(newName('transactor'));
    await using other = await log.openTransactor(newName('transactor'));
    for (let round = 0; round < 10; round += 1) {
      await transactor.commit({ messages: [{ topic, messages: numbered('a', round * 2, round * 2 + 2) }] });
      await other.commit({ messages: [{ topic, messages: numbered('b', round, round + 1) }] });
    }
    const received = await readAll(log, topic, 30);
    const of = (key: string) => valuesOf(received.filter((each) => each.key?.toString() === key));
    assert.deepEqual(of('a'), valuesOf(numbered('a', 0, 20)));
    assert.deepEqual(of('b'), valuesOf(numbered('b', 0, 10)));
  });

  test('whoever opens a transactor of the same id fences the one before, of which nothing is kept', async (t) => {
    const { log, again } = await kind.open(t);
    const [topic, source] = [await newTopic(log), await newTopic(log)];
    const [id, group] = [newName('transactor'), newName('group')];
    await using first = await log.openTransactor(id);
    await first.commit({ messages: [{ topic, messages: numbered('a', 0, 1) }] });
    await using second = await (await again()).openTransactor(id);
    await assert.rejects(
      first.commit({
        messages: [{ topic, messages: numbered('a', 1, 2) }],
        consumed: { group, positions: [{ topic: source, partition: 0, offset: 1n }] },
      }),
      { code: 'FENCED' },
    );
    await second.commit({ messages: [{ topic, messages: numbered('a', 2, 3) }] });
    assert.deepEqual(valuesOf(await readAll(log, topic, 2)), ['a-0', 'a-2']);
    assert.deepEqual(await log.admin.committed(group, source), []);
  });

  test('a transaction of which one message is refused keeps none', async (t) => {
    const { log } = await kind.open(t);
    const [topic, source] = [await newTopic(log), await newTopic(log)];
    const group = newName('group');
    const id = newName('transactor');
    const refused = await log.openTransactor(id);
    await assert.rejects(
      refused.commit({
        messages: [
          { topic, messages: numbered('a', 0, 2) },
          { topic, messages: [message('a', 'x', { partition: 9 })] },
        ],
        consumed: { group, positions: [{ topic: source, partition: 0, offset: 1n }] },
      }),
    );
    await refused[Symbol.asyncDispose]();
    await using transactor = await log.openTransactor(id);
    await transactor.commit({ messages: [{ topic, messages: numbered('b', 0, 1) }] });
    assert.deepEqual(valuesOf(await readAll(log, topic, 1)), ['b-0']);
    assert.deepEqual(await log.admin.committed(group, source), []);
  });

  test('offsets alone, messages alone and neither are transactions too', async (t) => {
    const { log } = await kind.open(t);
    const [topic, source] = [await newTopic(log), await newTopic(log)];
    const group = newName('group');
    const positions = (offset: bigint) => [{ topic: source, partition: 0, offset }];
    await using transactor = await log.openTransactor(newName('transactor'));
    await transactor.commit({ messages: [], consumed: { group, positions: positions(1n) } });
    await transactor.commit({ messages: [{ topic, messages: numbered('a', 0, 1) }] });
    await transactor.commit({ messages: [] });
    await transactor.commit({ messages: [], consumed: { group, positions: positions(2n) } });
    await untilCommitted(log, group, positions(2n));
    assert.deepEqual(valuesOf(await readAll(log, topic, 1)), ['a-0']);
  });

  test('a copy of a topic that changes hands in the middle has each message once', async (t) => {
    const { log, again } = await kind.open(t);
    const [source, sink] = [await newTopic(log, 2), await newTopic(log)];
    const group = newName('group');
    const messages = ['a', 'b', 'c', 'd'].flatMap((key) => numbered(key, 0, 100));
    await sendAll(log, { topic: source, messages });
    const first = await copy(log, { source, sink, group, atLeast: 100 });
    await copy(await again(), { source, sink, group, atLeast: 400 - first });
    await using sunk = await collect(log, { topics: [sink] });
    await sunk.until(400);
    await pause(readingMs);
    assert.deepEqual(valuesOf(sunk.received).sort(), valuesOf(messages).sort());
  });
};

interface Copying {
  readonly source: string;
  readonly sink: string;
  readonly group: string;
  readonly atLeast: number;
}

/** Copies messages, a few in a transaction, until there are enough of them; how many. */
const copy = async (log: EventLog, { source, sink, group, atLeast }: Copying): Promise<number> => {
  let copied = 0;
  const work = async (assigned: AssignedPartition): Promise<void> => {
    const { topic, partition } = assigned;
    await using transactor = await log.openTransactor(`${group}.${topic}.${partition}`);
    for await (const batch of assigned.batches()) {
      if (copied >= atLeast) break;
      const messages = batch.map(({ key, value, headers }) => ({
        key: key ?? Buffer.alloc(0),
        value,
        headers,
      }));
      const positions = [{ topic, partition, offset: (batch.at(-1)?.offset ?? 0n) + 1n }];
      await transactor.commit({ messages: [{ topic: sink, messages }], consumed: { group, positions } });
      copied += batch.length;
    }
  };
  const collector = await collect(log, { topics: [source], group, maxBatchBytes: 100, work });
  await eventually(`${atLeast} copies`, () => copied >= atLeast);
  await collector[Symbol.asyncDispose]();
  return copied;
};
