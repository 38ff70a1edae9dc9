/**
 * Writes to a log until its disk is full: `fill-log.ts <folder of a small disk> <file that takes room there>`. Then
 * makes room, and writes on. Prints as JSON what came of it.
 */
import { rmSync } from 'node:fs';
import { openEmbeddedLog } from '../embedded/open-embedded-log.ts';
import type { EventLog } from '../event-log.ts';
import { collect } from './collect.ts';
import { message } from './messages.ts';

const [folder = '', room = ''] = process.argv.slice(2);
const topic = 'topic';
const maxSends = 10_000;

const sendUntilRefused = async (log: EventLog): Promise<{ sent: number; error: unknown }> => {
  await using producer = await log.openProducer();
  for (let sent = 0; sent < maxSends; sent += 1)
    try {
      await producer.send([{ topic, messages: [message('a', `${sent}`.padEnd(10_000))] }]);
    } catch (error) {
      const { code, message } = error as { code: string; message: string };
      return { sent, error: { code, message } };
    }
  return { sent: maxSends, error: undefined };
};

const log = await openEmbeddedLog(`lmdb:${folder}/log`, { leaseMs: 300, upkeepMs: 100 });
await log.admin.create([{ topic, partitions: 1 }]);
await using collector = await collect(log, { topics: [topic] });
const { sent, error } = await sendUntilRefused(log);
const read = (await collector.until(sent)).length - sent;
// Leases cannot be prolonged and nothing is removed meanwhile; the process goes on.
await new Promise((resolve) => setTimeout(resolve, 500));
rmSync(room);
await using producer = await log.openProducer();
await producer.send([{ topic, messages: [message('a', 'after')] }]);
const last = (await collector.until(sent + 1)).at(-1)?.value?.toString();
console.log(JSON.stringify({ filled: sent > 10, error, read, last }));
await log[Symbol.asyncDispose]();
