/**
 * Copies a topic in transactions until it is killed: `log-copier.ts <url> <source> <sink> <group>`. Prints that it
 * consumes, or waits for its turn, the signal of each partition that it lost, and each transaction that was refused
 * because it was fenced.
 */
import { openEmbeddedLog } from '../embedded/open-embedded-log.ts';
import type { AssignedPartition } from '../event-log.ts';

const [url = '', source = '', sink = '', group = ''] = process.argv.slice(2);
const log = await openEmbeddedLog(url, { leaseMs: 500 });

const work = async (assigned: AssignedPartition): Promise<void> => {
  const { topic, partition } = assigned;
  assigned.signal.addEventListener('abort', () => process.stdout.write('lost\n'));
  await using transactor = await log.openTransactor(`${group}.${partition}`);
  for await (const batch of assigned.batches()) {
    const messages = batch.map(({ key, value, headers }) => ({
      key: key ?? Buffer.alloc(0),
      value,
      headers,
    }));
    const positions = [{ topic, partition, offset: (batch.at(-1)?.offset ?? 0n) + 1n }];
    await transactor.commit({ messages: [{ topic: sink, messages }], consumed: { group, positions } });
  }
};

for (;;) {
  const consumer = await log.consume({
    group,
    topics: [source],
    from: 'earliest',
    maxBatchBytes: 20_000,
    work,
  });
  process.stdout.write('consumes\n');
  await consumer.ended.catch(({ code }: { code: string }) => process.stdout.write(`${code}\n`));
}
