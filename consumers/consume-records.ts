import type { Span } from '@opentelemetry/api';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { AssignedPartition, Received } from '@sluice/kernel/event-log/event-log';
import type { DeadLetter, DeadLetters } from './dead-letters.ts';
import { gather } from './gather.ts';
import { storeEach } from './store-each.ts';
import { storeInTurn } from './store-in-turn.ts';
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

/** One transaction, and what is in memory at once for it. */
export const maxBatchMessages = 1_000;
/** How long more is waited for: what comes alone is stored soon, what comes together is stored together. */
const lingerMs = 3;

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

const decodeBatches = async function* <T>(
  partition: AssignedPartition,
  work: RecordWork<T>,
  ports: ConsumePorts,
): AsyncGenerator<readonly Item<T>[]> {
  for await (const messages of gather(partition.batches(), { maxMessages: maxBatchMessages, lingerMs }))
    yield messages.map((message) => decodeItem(message, work, ports));
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

/**
 * Works on a partition: decodes, stores and commits batch by batch, the next one decoded while one is stored. What can
 * never be stored goes to the dead letters and holds up nothing.
 */
export const consumeRecords =
  <T>(work: RecordWork<T>, ports: ConsumePorts) =>
  (partition: AssignedPartition): Promise<void> =>
    storeInTurn(decodeBatches(partition, work, ports), async (items) => {
      const last = items.at(-1);
      if (last === undefined) return;
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
      await partition.commit(last.message.offset + 1n);
      ports.metrics.committed();
    });
