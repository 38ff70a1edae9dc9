import type { Consumer, EventLog } from '../event-log.ts';
import { openAdmin } from './admin.ts';
import { openConsumer } from './consumer.ts';
import { openLeases } from './leases.ts';
import { parseLmdbUrl } from './parse-url.ts';
import type { Parts } from './parts.ts';
import { openProducer } from './producer.ts';
import { openTables } from './tables.ts';
import { openTopics } from './topics.ts';
import { openTransactor } from './transactor.ts';
import { startUpkeep } from './upkeep.ts';
import { openWake } from './wake.ts';

export interface EmbeddedLogOptions {
  /** How long a consumer that is not heard of keeps its topics. */
  readonly leaseMs?: number;
  readonly upkeepMs?: number;
}

/** Long enough for a garbage collection on a busy machine, short enough to be waited for. */
const defaultLeaseMs = 3_000;
const defaultUpkeepMs = 10_000;

/** What each consumer was opened with is closed before the file is. */
const keepConsumers = (parts: Parts): Pick<EventLog, 'consume'> & AsyncDisposable => {
  const consumers = new Set<Consumer>();
  return {
    consume: async (options) => {
      const consumer = openConsumer(parts, options);
      consumers.add(consumer);
      const forget = () => consumers.delete(consumer);
      consumer.ended.then(forget, forget);
      return consumer;
    },
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...consumers].map((consumer) => consumer[Symbol.asyncDispose]()));
    },
  };
};

/**
 * The event log of a laptop: one folder (`lmdb:<folder>`), which the processes of one machine open at the same time.
 * It is no broker: a topic has one consumer of a group at a time, which asks whether there is something new.
 *
 * What was acknowledged survives the death of any process (kill -9). Only with `?fsync=true` does it survive a power
 * loss, too; each write then waits for the disk. A process that is stopped, not killed, in the middle of a write or of
 * the opening holds up all others that write or open until it goes on or is killed.
 * @throws SluiceError INVALID_INPUT for another URL; EVENT_LOG_UNAVAILABLE
 */
export const openEmbeddedLog = async (
  url: string,
  { leaseMs = defaultLeaseMs, upkeepMs = defaultUpkeepMs }: EmbeddedLogOptions = {},
): Promise<EventLog> => {
  const name = parseLmdbUrl(url);
  await using opening = new AsyncDisposableStack();
  const tables = opening.adopt(openTables(url, name), (opened) => opened.close());
  const wake = opening.use(openWake(name.folder));
  const topics = openTopics(tables);
  opening.use(startUpkeep(tables, topics, upkeepMs));
  const parts = { tables, topics, wake, leases: openLeases(tables, leaseMs), leaseMs };
  const { consume } = opening.use(keepConsumers(parts));
  const stack = opening.move();
  return {
    url,
    admin: openAdmin(parts),
    openProducer: async () => openProducer(parts),
    openTransactor: async (id) => openTransactor(parts, id),
    consume,
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
