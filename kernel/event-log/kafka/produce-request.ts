import { RecordBatch } from './record-batch.ts';
import { bodyOf, type Encoder } from './request-memory.ts';
import { Writer } from './writer.ts';

/** A request to write, as kafkajs has it. */
export interface ProduceArguments {
  readonly acks: number;
  readonly timeout: number;
  readonly compression: number;
  readonly transactionalId?: string;
  readonly producerId: unknown;
  readonly producerEpoch: number;
  readonly topicData: readonly TopicData[];
}
interface TopicData {
  readonly topic: string;
  readonly partitions: readonly {
    readonly partition: number;
    readonly firstSequence: number;
    readonly messages: RecordBatch | readonly unknown[];
  }[];
}

/** Of versions from 3 on, which differ in their answers only. */
export const leastVersion = 3;

const textBytes = (value: string | undefined): number =>
  2 + (value === undefined ? 0 : Buffer.byteLength(value));

const putText = (writer: Writer, value: string | undefined): void => {
  if (value === undefined) {
    writer.int16(-1);
    return;
  }
  const bytes = Buffer.from(value);
  writer.int16(bytes.length);
  writer.put(bytes);
};

/** undefined: it has messages that are none of a batch. */
const bytesOfTopic = ({ topic, partitions }: TopicData): number | undefined => {
  let bytes = textBytes(topic) + 4;
  for (const { messages } of partitions) {
    if (!(messages instanceof RecordBatch)) return undefined;
    bytes += 4 + 4 + messages.bytes;
  }
  return bytes;
};

const bytesOf = ({ transactionalId, topicData }: ProduceArguments): number | undefined => {
  let bytes = textBytes(transactionalId) + 2 + 4 + 4;
  for (const data of topicData) {
    const own = bytesOfTopic(data);
    if (own === undefined) return undefined;
    bytes += own;
  }
  return bytes;
};

const putTopic = (writer: Writer, { topic, partitions }: TopicData, request: ProduceArguments): void => {
  const { producerId, producerEpoch, transactionalId } = request;
  putText(writer, topic);
  writer.int32(partitions.length);
  for (const { partition, firstSequence, messages } of partitions) {
    if (!(messages instanceof RecordBatch)) continue;
    const isTransactional = transactionalId !== undefined;
    writer.int32(partition);
    writer.int32(messages.bytes);
    messages.write(writer, { producerId, producerEpoch, firstSequence, isTransactional });
  }
};

/** The body of a request; undefined: kafkajs has to write it, since it was not given batches. */
export const encodeProduce = (request: ProduceArguments): Encoder | undefined => {
  const { acks, timeout, compression, transactionalId, topicData } = request;
  const bytes = compression === 0 ? bytesOf(request) : undefined;
  if (bytes === undefined) return undefined;
  return bodyOf(bytes, (body) => {
    const writer = new Writer(body, 0);
    putText(writer, transactionalId);
    writer.int16(acks);
    writer.int32(timeout);
    writer.int32(topicData.length);
    for (const data of topicData) putTopic(writer, data, request);
  });
};
