import type { Received } from '@sluice/kernel/event-log/event-log';
import { type Delivery, deliveries, letters, sinks, source } from './plant.ts';

/** A message of a sink topic, as far as it is looked at. */
interface ScoredText {
  readonly predictionId: string;
  readonly stream: string;
  readonly prediction: { readonly outputs: Readonly<Record<string, unknown>> };
  readonly passed: { readonly number: number; readonly name: string };
  readonly source: { readonly topic: string; readonly partition?: number; readonly offset: string };
}

/** The number of an event; the value of one that has none, as base64. */
export type Content = number | string;

export const contentOf = ({ value }: Received): Content => {
  try {
    const { number } = JSON.parse(String(value)) as { readonly number?: unknown };
    if (typeof number === 'number') return number;
  } catch {
    // It is meant to be none.
  }
  return value === null ? 'null' : value.toString('base64');
};

/** What is no object a scorer does not ask about. */
const isObject = ({ value }: Received): boolean => value !== null && value[0] === '{'.charCodeAt(0);

const headerOf = ({ headers }: Received, wanted: string): string =>
  String(headers.find(([name]) => name === wanted)?.[1]);

/** By partition, and offset in it. */
type Table<T> = T[][];

const rowOf = <T>(table: Table<T>, partition: number): T[] => {
  table[partition] ??= [];
  return table[partition];
};

/** What somebody who reads committed messages sees of one stream. */
export class StreamTally {
  /** Events of which something is there, and how much more there is. */
  done = 0;
  repeated = 0;
  /** Those of them that are dead letters, and those of these that a gateway has seen. */
  buried = 0;
  refused = 0;
  /** What must not be: at most a few of it, as texts. */
  readonly faults: string[] = [];
  readonly events: Table<Content> = [];
  readonly ids: Table<string> = [];
  /** By the name in the events: the newest one. */
  #newest = new Map<string, number>();
  readonly #delivery: Delivery;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  takeScored({ value }: Received): void {
    const { predictionId, prediction, passed, source: from } = JSON.parse(String(value)) as ScoredText;
    const { partition = 0 } = from;
    const offset = Number(from.offset);
    const place = `${partition}/${offset}`;
    const [answer] = Object.values(prediction.outputs).flat();
    if (answer !== passed.number) this.#fault(`${place} is ${passed.number} and was answered ${answer}`);
    const ids = rowOf(this.ids, partition);
    const known = ids[offset];
    if (known !== undefined) {
      this.repeated += 1;
      if (known !== predictionId) this.#fault(`${place} has the ids ${known} and ${predictionId}`);
      if (this.#delivery === 'exactly-once') this.#fault(`${place} is there twice`);
      return;
    }
    const newest = this.#newest.get(passed.name) ?? -1;
    if (offset < newest) this.#fault(`${place} comes after ${newest}, of ${passed.name}`);
    this.#newest.set(passed.name, offset);
    ids[offset] = predictionId;
    rowOf(this.events, partition)[offset] = passed.number;
    this.done += 1;
  }

  takeLetter(letter: Received): void {
    const partition = Number(headerOf(letter, 'sluice.error.partition'));
    const offset = Number(headerOf(letter, 'sluice.error.offset'));
    const row = rowOf(this.events, partition);
    if (row[offset] !== undefined) {
      this.repeated += 1;
      if (this.#delivery === 'exactly-once') this.#fault(`${partition}/${offset} is there twice`);
      return;
    }
    row[offset] = contentOf(letter);
    this.done += 1;
    this.buried += 1;
    if (isObject(letter)) this.refused += 1;
  }

  #fault(text: string): void {
    if (this.faults.length < 10) this.faults.push(text);
  }
}

/** What lies in the topics, as far as it was read. */
export class Tally {
  readonly streams = {
    'exactly-once': new StreamTally('exactly-once'),
    'at-least-once': new StreamTally('at-least-once'),
  };
  /** The events, where they lie. */
  readonly source: Table<Content> = [];
  /** How often there is a record of a prediction. */
  readonly records = new Map<string, number>();
  events = 0;

  take(message: Received): void {
    const { topic } = message;
    const sink = deliveries.find((delivery) => sinks[delivery] === topic);
    if (sink !== undefined) this.streams[sink].takeScored(message);
    else if (topic === source) this.#takeEvent(message);
    else if (topic === letters) this.#takeLetter(message);
    else this.#takeRecord(message);
  }

  #takeEvent(message: Received): void {
    rowOf(this.source, message.partition)[Number(message.offset)] = contentOf(message);
    this.events += 1;
  }

  #takeLetter(letter: Received): void {
    const stream = headerOf(letter, 'sluice.error.stream');
    for (const delivery of deliveries)
      if (sinks[delivery] === stream) this.streams[delivery].takeLetter(letter);
  }

  #takeRecord(record: Received): void {
    const id = headerOf(record, 'ce_id');
    this.records.set(id, (this.records.get(id) ?? 0) + 1);
  }
}
