/**
 * `pass-through/main.ts <host:port> <source topic> <sink topic> <group>`: copies what comes, with kafkajs and nothing
 * else: batch by batch as they come, each to the partition of the same number. What scoring a stream costs is measured
 * against it. Ends when it is killed.
 */
import { type EachBatchPayload, Kafka, logLevel } from 'kafkajs';

const [broker = '', source = '', sink = '', group = ''] = process.argv.slice(2);
const kafka = new Kafka({ clientId: group, brokers: [broker], logLevel: logLevel.ERROR });
const producer = kafka.producer({ allowAutoTopicCreation: false });
const consumer = kafka.consumer({ groupId: group, allowAutoTopicCreation: false, maxWaitTimeInMs: 100 });

const copy = async ({ batch: { messages, partition } }: EachBatchPayload): Promise<void> => {
  const copies = messages.map(({ key, value }) => ({ key, value, partition }));
  await producer.send({ topic: sink, messages: copies, acks: -1 });
};

await Promise.all([producer.connect(), consumer.connect()]);
await consumer.subscribe({ topics: [source], fromBeginning: true });
await consumer.run({ eachBatch: copy });
console.log(JSON.stringify({ msg: 'running' }));
