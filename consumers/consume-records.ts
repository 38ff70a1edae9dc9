import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';
import { createGate } from './gate.ts';
import { gather } from './gather.ts';
import { type ConsumePorts, type RecordWork, workBatch } from './work-batch.ts';

/** Of one transaction; with the batches at once a bound of the memory. */
const maxBatchMessages = 500;
/** Of all partitions: one is decoded while another one is stored. */
const maxBatches = 2;
/** How long more is waited for: what comes alone is stored soon, what comes together is stored together. */
const lingerMs = 3;

/**
 * Works on partitions: decodes, stores and commits batch by batch. What can never be stored goes to the dead letters and
 * holds up nothing.
 */
export const consumeRecords = <T>(
  work: RecordWork<T>,
  ports: ConsumePorts,
): ((partition: AssignedPartition) => Promise<void>) => {
  const gate = createGate(maxBatches);
  const take = async (partition: AssignedPartition, messages: readonly Received[]): Promise<void> => {
    const last = messages.at(-1);
    using _ = await gate.enter();
    if (last === undefined || partition.signal.aborted) return;
    await workBatch(messages, work, ports);
    await partition.commit(last.offset + 1n);
    ports.metrics.committed();
  };
  return async (partition) => {
    const limits = { maxMessages: maxBatchMessages, lingerMs };
    for await (const messages of gather(partition.batches(), limits)) await take(partition, messages);
  };
};
