import type { RecordBatch } from './record-batch.ts';

/** By partition. */
export type Batches = ReadonlyMap<number, RecordBatch>;

/** What kafkajs knows of a message that is in a batch. */
export interface Batched {
  readonly value: null;
  readonly partition: number;
}

type Grouped = Record<number, RecordBatch | Batched[]>;
/** What kafkajs does with each message: asks for its partition, and copies all of that partition into a longer list. */
type Add = (grouped: Grouped, message: Batched) => Grouped;

/**
 * What kafkajs takes for the messages of a topic. It groups them by `reduce`, with a copy of the list for each message, so
 * that a group of a thousand copies half a million of them. Here it gets batches in the place of lists; asked for one
 * message, it still says whether the send was given up.
 */
export const grouped = (batches: Batches): Batched[] => {
  const reduce = (add: Add, empty: Grouped): Grouped => {
    for (const [partition, batch] of batches) {
      add({}, { value: null, partition });
      empty[partition] = batch;
    }
    return empty;
  };
  return Object.assign([], { reduce });
};
