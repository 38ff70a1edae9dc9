import type { ConsumerName } from './config.ts';
import type { listRecordConsumers } from './list-record-consumers.ts';
import type { ListedConsumer, ListOptions } from './listed-consumer.ts';
import type { ConsumerMetrics } from './telemetry/consumer-metrics.ts';

/**
 * The consumers by name. A scorer is loaded without what those of records need (databases, Parquet), and they without
 * what it needs.
 */
export const listConsumers = (
  options: ListOptions,
): ((name: ConsumerName, metrics: ConsumerMetrics) => Promise<ListedConsumer>) => {
  let records: Promise<ReturnType<typeof listRecordConsumers>> | undefined;
  const loadRecords = async () => (await import('./list-record-consumers.ts')).listRecordConsumers(options);
  return async (name, metrics) => {
    if (name === 'scorer') return (await import('./list-scorer.ts')).listScorer(options, metrics);
    records ??= loadRecords();
    return (await records)[name](metrics);
  };
};
