import assert from 'node:assert/strict';
import type { EventLog, Message, Received } from '@sluice/kernel/event-log/event-log';
import { collect } from '@sluice/kernel/event-log/testing/collect';
import { treesAnswers, treesRows } from '../model/trees.ts';

/** Of every topic of a stream. */
export const partitions = 4;

const entities = 10_000;
/** Sent at once when a topic is filled. */
const sent = 1_000;
const tolerance = 1e-5;

const { names, rows } = treesRows();
const values = rows.map((row) =>
  Buffer.from(JSON.stringify(Object.fromEntries(names.map((name, column) => [name, row[column]])))),
);

/** The n-th event: 30 numbers as JSON, about 750 bytes, of the row whose turn it is. */
export const eventOf = (index: number, timestampMs?: number): Message => ({
  key: Buffer.from(`customer-${index % entities}`),
  value: values[index % values.length] ?? null,
  headers: [],
  partition: index % partitions,
  ...(timestampMs === undefined ? {} : { timestampMs }),
});

/** Makes a topic with so many events. */
export const fillTopic = async (log: EventLog, topic: string, events: number): Promise<void> => {
  await log.admin.create([{ topic, partitions }]);
  await using producer = await log.openProducer();
  for (let first = 0; first < events; first += sent) {
    const length = Math.min(sent, events - first);
    const messages = Array.from({ length }, (_, index) => eventOf(first + index));
    await producer.send([{ topic, messages }]);
  }
};

interface ScoredEvent {
  readonly prediction: { readonly outputs: { readonly benign: number } };
  readonly source: { readonly partition?: number; readonly offset: string };
}

/** Which event it was of a topic that was filled, and whether its answer is that of onnxruntime-node alone. */
const checkScored = (message: Received, expected: readonly number[]): number => {
  const { prediction, source } = JSON.parse(String(message.value)) as ScoredEvent;
  const index = Number(source.offset) * partitions + (source.partition ?? 0);
  const answer = expected[index % expected.length] ?? Number.NaN;
  const { benign } = prediction.outputs;
  assert.ok(Math.abs(benign - answer) < tolerance, `event ${index}: benign is ${benign}, not ${answer}`);
  assert.equal(String(message.key), `customer-${index % entities}`);
  return index;
};

/** Reads a sink whole. @throws Error where an event is missing or there twice, or an answer is wrong */
export const checkSink = async (log: EventLog, topic: string, events: number): Promise<void> => {
  const expected = await treesAnswers(rows.length);
  const seen = new Set<number>();
  /** By the partition from which, and into which it came. */
  const last = new Map<string, number>();
  await using collector = await collect(log, { topics: [topic], maxBatchBytes: 1024 * 1024 });
  for (const message of await collector.until(events)) {
    const index = checkScored(message, expected);
    assert.ok(!seen.has(index), `event ${index} is there twice`);
    const way = `${index % partitions} ${message.partition}`;
    assert.ok((last.get(way) ?? -1) < index, `event ${index} comes too late`);
    last.set(way, index);
    seen.add(index);
  }
  assert.equal(seen.size, events);
};
