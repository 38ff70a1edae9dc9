import { setTimeout as pause } from 'node:timers/promises';
import { Kafka, logLevel } from 'kafkajs';
import { mendKafkajs } from '../../kafka/mend.ts';

const startMs = 90_000;
const lookMs = 30;

/** Both kinds of coordinators answer: for some time after the port is open they do not. */
const coordinatorsAnswer = async (brokers: string): Promise<boolean> => {
  mendKafkajs();
  // Without any retry kafkajs finds no coordinator: the first attempt only looks which brokers there are.
  const retry = { retries: 2, initialRetryTime: 10 };
  const kafka = new Kafka({ brokers: brokers.split(','), logLevel: logLevel.NOTHING, retry });
  const admin = kafka.admin();
  const producer = kafka.producer({ transactionalId: 'sluice.ready', maxInFlightRequests: 1 });
  try {
    await admin.connect();
    await admin.describeGroups(['sluice.ready']);
    await producer.connect();
    await (await producer.transaction()).abort();
    return true;
  } catch {
    return false;
  } finally {
    await Promise.allSettled([admin.disconnect(), producer.disconnect()]);
  }
};

/**
 * Waits for a Kafka.
 * @throws Error when it ends meanwhile, with what it said, or takes too long
 */
export const untilReady = async (brokers: string, ended: () => string | undefined): Promise<void> => {
  const until = performance.now() + startMs;
  while (!(await coordinatorsAnswer(brokers))) {
    const said = ended();
    if (said !== undefined) throw new Error(`Kafka ended: ${said}`);
    if (performance.now() > until) throw new Error(`Kafka did not start in ${startMs} ms`);
    await pause(lookMs);
  }
};
