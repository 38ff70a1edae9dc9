import { type BatchRecord, encodeBatch } from './record-batch.ts';

/** What kafkajs is given to send: its own fields are for its looks at it, the record is what is written. */
export interface ProducedMessage {
  readonly key: Buffer;
  readonly value: Buffer | null;
  readonly partition: number;
  readonly record: BatchRecord;
}

/** A request to write, as kafkajs has it. */
export interface ProduceArguments {
  readonly acks: number;
  readonly timeout: number;
  readonly compression: number;
  readonly transactionalId?: string;
  readonly producerId: unknown;
  readonly producerEpoch: number;
  readonly topicData: readonly {
    readonly topic: string;
    readonly partitions: readonly {
      readonly partition: number;
      readonly firstSequence: number;
      readonly messages: readonly Partial<ProducedMessage>[];
    }[];
  }[];
}

/** What kafkajs writes into a request. */
export interface Encoded {
  readonly buf: Buffer;
  readonly buffer: Buffer;
}

/** Of versions from 3 on, which differ in their answers only. */
export const leastVersion = 3;

const int16 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(2);
  bytes.writeInt16BE(value);
  return bytes;
};
const int32 = (value: number): Buffer => {
  const bytes = Buffer.allocUnsafe(4);
  bytes.writeInt32BE(value);
  return bytes;
};
const text = (value: string | undefined): Buffer[] => {
  if (value === undefined) return [int16(-1)];
  const bytes = Buffer.from(value);
  return [int16(bytes.length), bytes];
};

const recordsOf = (messages: readonly Partial<ProducedMessage>[]): BatchRecord[] | undefined => {
  const records: BatchRecord[] = [];
  for (const { record } of messages) {
    if (record === undefined) return undefined;
    records.push(record);
  }
  return records;
};

/** The body of a request; undefined: kafkajs has to write it, since not all of its messages bring their record. */
export const encodeProduce = (request: ProduceArguments): Encoded | undefined => {
  const { acks, timeout, compression, transactionalId, producerId, producerEpoch, topicData } = request;
  if (compression !== 0) return undefined;
  const isTransactional = transactionalId !== undefined;
  const parts = [...text(transactionalId), int16(acks), int32(timeout), int32(topicData.length)];
  for (const { topic, partitions } of topicData) {
    parts.push(...text(topic), int32(partitions.length));
    for (const { partition, firstSequence, messages } of partitions) {
      const records = recordsOf(messages);
      if (records === undefined) return undefined;
      const producer = { producerId, producerEpoch, firstSequence, isTransactional };
      const batch = encodeBatch(records, producer);
      parts.push(int32(partition), int32(batch.length), batch);
    }
  }
  const buffer = Buffer.concat(parts);
  return { buf: buffer, buffer };
};
