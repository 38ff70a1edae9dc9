import type { Received } from '@sluice/kernel/event-log/event-log';
import { type Delivery, sinks, source } from './plant.ts';

/** A message of a sink topic, as far as it is looked at. */
interface ScoredText {
  readonly predictionId: string;
  readonly stream: string;
  readonly prediction: { readonly outputs: Readonly<Record<string, unknown>> };
  readonly passed: { readonly number: number; readonly name: string };
  readonly source: { readonly topic: string; readonly partition?: number; readonly offset: string };
}

/** By partition, and offset in it. */
type Table<T> = T[][];

const rowOf = <T>(table: Table<T>, partition: number): T[] => {
  table[partition] ??= [];
  return table[partition];
};

/** What somebody who reads committed messages sees of one stream. */
export class StreamTally {
  /** Events of which something is there, and how much more there is. */
  scored = 0;
  repeated = 0;
  /** What must not be: at most a few of it, as texts. */
  readonly faults: string[] = [];
  readonly numbers: Table<number> = [];
  readonly ids: Table<string> = [];
  /** By the name in the events: the newest one. */
  #newest = new Map<string, number>();
  readonly #delivery: Delivery;

  constructor(delivery: Delivery) {
    this.#delivery = delivery;
  }

  take({ value }: Received): void {
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
    rowOf(this.numbers, partition)[offset] = passed.number;
    this.scored += 1;
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
  /** The numbers of the events, where they lie. */
  readonly source: Table<number> = [];
  /** How often there is a record of a prediction. */
  readonly records = new Map<string, number>();
  events = 0;

  take(message: Received): void {
    const { topic } = message;
    if (topic === source) this.#takeEvent(message);
    else if (topic === sinks['exactly-once']) this.streams['exactly-once'].take(message);
    else if (topic === sinks['at-least-once']) this.streams['at-least-once'].take(message);
    else this.#takeRecord(message);
  }

  #takeEvent({ partition, offset, value }: Received): void {
    const { number } = JSON.parse(String(value)) as { readonly number: number };
    rowOf(this.source, partition)[Number(offset)] = number;
    this.events += 1;
  }

  #takeRecord({ headers }: Received): void {
    const id = String(headers.find(([name]) => name === 'ce_id')?.[1]);
    this.records.set(id, (this.records.get(id) ?? 0) + 1);
  }
}
