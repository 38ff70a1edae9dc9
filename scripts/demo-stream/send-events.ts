import { setTimeout as pause } from 'node:timers/promises';
import type { EventLog, Message } from '@sluice/kernel/event-log/event-log';
import { type Customer, customerIdOf } from './customers.ts';
import type { DemoOptions } from './options.ts';
import { sourceTopic } from './stream.ts';

const tickMs = 20;
/** Of one send. */
const maxMessages = 5_000;

const messageOf = (customers: readonly Customer[], event: number): Message => {
  const customer_id = customerIdOf(event);
  const customer = customers[event % customers.length]?.features;
  return {
    key: Buffer.from(customer_id),
    value: Buffer.from(JSON.stringify({ customer_id, customer, sent_at: Date.now() })),
    headers: [],
  };
};

/** Publishes the events at the rate, as well as the log takes them. */
export const sendEvents = async (
  log: EventLog,
  customers: readonly Customer[],
  { rate, events }: DemoOptions,
  onSent: (events: number) => void,
): Promise<void> => {
  await using producer = await log.openProducer();
  const startedAt = performance.now();
  let sent = 0;
  while (sent < events) {
    const due = Math.min(events, Math.ceil(((performance.now() - startedAt) / 1000) * rate));
    const count = Math.min(due - sent, maxMessages);
    if (count > 0) {
      const messages = Array.from({ length: count }, (_, index) => messageOf(customers, sent + index));
      await producer.send([{ topic: sourceTopic, messages }]);
      sent += count;
      onSent(sent);
    }
    if (sent >= due) await pause(tickMs);
  }
};
