import type { Span } from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Received } from '@sluice/kernel/event-log/event-log';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { storeEach } from './store-each.ts';
import type { ConsumerMetrics } from './telemetry/consumer-metrics.ts';
import { endMessageSpan } from './telemetry/message-span.ts';

/** What a consumer does with the messages of its topic. */
export interface RecordWork<T> {
  /** @throws SluiceError saying why the message can never be worked on */
  decode(message: Received): T;
  /** In one transaction. @throws SluiceError DATABASE_UNAVAILABLE, and whatever one of the batch can never be stored for */
  store(batch: readonly T[]): Promise<void>;
  /** What the span of a message says of it. */
  attributesOf(value: T): Readonly<Record<string, string>>;
}

export interface ConsumePorts {
  readonly deadLetters: DeadLetters;
  readonly metrics: ConsumerMetrics;
  /** undefined: the message's trace is not sampled, or nobody traces. */
  readonly startSpan: (message: Received) => Span | undefined;
}

interface Item<T> {
  readonly message: Received;
  readonly span: Span | undefined;
  readonly decoded: { readonly value: T } | { readonly error: SluiceError };
}

const decodeItem = <T>(message: Received, work: RecordWork<T>, { startSpan }: ConsumePorts): Item<T> => {
  const span = startSpan(message);
  try {
    return { message, span, decoded: { value: work.decode(message) } };
  } catch (error) {
    return { message, span, decoded: { error: fromUnknown(error) } };
  }
};

const storeItems = async <T>(
  items: readonly Item<T>[],
  work: RecordWork<T>,
  { metrics }: ConsumePorts,
): Promise<ReadonlyMap<Item<T>, SluiceError>> => {
  const faults = new Map<Item<T>, SluiceError>();
  const good = items.flatMap((item) => {
    if ('value' in item.decoded) return [{ item, value: item.decoded.value }];
    faults.set(item, item.decoded.error);
    return [];
  });
  const startedAt = performance.now();
  const store = (part: readonly (typeof good)[number][]): Promise<void> =>
    work.store(part.map(({ value }) => value));
  for (const { item, error } of await storeEach(good, store)) faults.set(item.item, error);
  metrics.stored((performance.now() - startedAt) / 1000);
  return faults;
};

/** Decodes and stores a batch in one transaction; what can never be stored is then in the dead letters. */
export const workBatch = async <T>(
  messages: readonly Received[],
  work: RecordWork<T>,
  ports: ConsumePorts,
): Promise<void> => {
  const items = messages.map((message) => decodeItem(message, work, ports));
  const end = ({ span, decoded }: Item<T>, error?: SluiceError): void =>
    endMessageSpan(span, 'value' in decoded ? work.attributesOf(decoded.value) : {}, error);
  try {
    const faults = await storeItems(items, work, ports);
    const letters: DeadLetter[] = [...faults].map(([{ message }, error]) => ({ message, error }));
    await ports.deadLetters.send(letters);
    for (const item of items) end(item, faults.get(item));
  } catch (error) {
    for (const item of items) end(item, fromUnknown(error));
    throw error;
  }
};
