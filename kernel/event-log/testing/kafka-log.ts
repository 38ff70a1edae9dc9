import { after } from 'node:test';
import type { EventLog } from '../event-log.ts';
import { openKafkaLog } from '../kafka/open-kafka-log.ts';
import { anyKafka, skipAnyKafka } from './kafka-server.ts';
import type { LogKind } from './log-kind.ts';

/** One broker for a test file. */
let server: ReturnType<typeof anyKafka> | undefined;
export const sharedKafka = (): ReturnType<typeof anyKafka> => {
  server ??= anyKafka();
  return server;
};
if (skipAnyKafka === false) after(async () => (await server)?.[Symbol.asyncDispose]());

export const kafkaLogs: LogKind = {
  name: 'Kafka',
  skip: skipAnyKafka,
  open: async (t) => {
    const { url } = await sharedKafka();
    const opened = new AsyncDisposableStack();
    t.after(() => opened.disposeAsync());
    const again = async (): Promise<EventLog> => opened.use(await openKafkaLog({ url }));
    return { log: await again(), again };
  },
};
