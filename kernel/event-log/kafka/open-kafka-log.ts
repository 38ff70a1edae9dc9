import type { Admin } from 'kafkajs';
import type { EventLogSettings } from '../../config/event-log.ts';
import { SluiceError } from '../../errors/sluice-error.ts';
import type { Log } from '../../telemetry/log.ts';
import type { EventLog } from '../event-log.ts';
import { openAdmin } from './admin.ts';
import { prepareClients } from './client.ts';
import { openConsumer } from './consumer.ts';
import { kafkaError } from './kafka-error.ts';
import type { Parts } from './parts.ts';
import { openProducer } from './producer.ts';
import { reopened } from './reopened.ts';
import { openTopics, type WithAdmin } from './topics.ts';
import { openTransactor } from './transactor.ts';

export interface KafkaLogOptions {
  readonly log?: Log | undefined;
  /** How long a send is tried again. */
  readonly sendMs?: number;
}

/** Long enough for a broker that is started anew, or another one that takes over. */
const defaultSendMs = 30_000;

/** What is opened is closed with the log, at the latest. */
const keepOpened = (url: string) => {
  const opened = new Set<AsyncDisposable>();
  let closed = false;
  return {
    keep: async <T extends AsyncDisposable>(open: () => Promise<T>): Promise<T> => {
      if (closed) throw new SluiceError('EVENT_LOG_UNAVAILABLE', `${url} was closed`);
      const one = await open();
      opened.add(one);
      const dispose = one[Symbol.asyncDispose].bind(one);
      return Object.assign(one, {
        [Symbol.asyncDispose]: async () => {
          opened.delete(one);
          await dispose();
        },
      });
    },
    [Symbol.asyncDispose]: async () => {
      closed = true;
      await Promise.all([...opened].map((one) => one[Symbol.asyncDispose]()));
    },
  };
};

/**
 * The event log of a cluster: Kafka, by kafkajs. Opening connects to nothing: each call fails while no broker answers.
 * @throws SluiceError INVALID_INPUT for another URL, or settings that contradict each other
 */
export const openKafkaLog = async (
  settings: EventLogSettings,
  { log, sendMs = defaultSendMs }: KafkaLogOptions = {},
): Promise<EventLog> => {
  const newClient = await prepareClients(settings, log);
  await using opening = new AsyncDisposableStack();
  const admin = opening.use(
    reopened<Admin>(
      async () => {
        const one = newClient().admin();
        await one.connect();
        return one;
      },
      (one) => one.disconnect(),
    ),
  );
  const withAdmin: WithAdmin = async (what, work) => {
    try {
      return await work(await admin.get());
    } catch (error) {
      const fault = kafkaError(error, what);
      if (fault.code === 'EVENT_LOG_UNAVAILABLE') admin.giveUp();
      throw fault;
    }
  };
  const parts: Parts = { settings, sendMs, newClient, withAdmin, topics: openTopics(withAdmin) };
  const { keep } = opening.use(keepOpened(settings.url));
  const stack = opening.move();
  return {
    url: settings.url,
    admin: openAdmin(parts),
    openProducer: () => keep(() => openProducer(parts)),
    openTransactor: (id) => keep(() => openTransactor(parts, id)),
    consume: (options) => keep(() => openConsumer(parts, options)),
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
