import { skipKafka, startKafka } from '@sluice/kernel/event-log/testing/kafka-server';
import type { Environment } from '../../support/sluice.ts';
import type { System } from './system.ts';

/** A system that has its event log in a Kafka, which comes and goes with it. */
export const withKafka = async (start: (env: Environment) => Promise<System>): Promise<System> => {
  if (skipKafka !== false) throw new Error(skipKafka);
  await using stack = new AsyncDisposableStack();
  const kafka = stack.use(await startKafka());
  const system = stack.use(await start({ EVENT_LOG_URL: kafka.url }));
  const owned = stack.move();
  return {
    ...system,
    eventLog: kafka.url,
    processes: [...system.processes, { part: 'broker', pid: kafka.pid }],
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};
