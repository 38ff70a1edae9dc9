import { Counter, Gauge, Histogram, type Registry } from 'prom-client';

/** What a consumer tells of its work. */
export interface ConsumerMetrics {
  restarted(): void;
  committed(): void;
  stored(seconds: number): void;
  deadLetter(code: string): void;
  lag(topic: string, partition: number, messages: number): void;
}

export interface MetricsOptions {
  readonly registry: Registry;
  readonly consumers: () => readonly { readonly name: string; notRunning(): string | undefined }[];
}

const labelNames = ['consumer'] as const;
const seconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10];

/** Metrics that every consumer has; the answer makes those of one. */
export const registerConsumerMetrics = ({
  registry,
  consumers,
}: MetricsOptions): ((consumer: string) => ConsumerMetrics) => {
  const registers = [registry];
  const committedAt = new Map<string, number>();
  new Gauge({
    name: 'sluice_consumer_running',
    help: '1: it consumes; 0: it waits for what is away',
    labelNames,
    registers,
    collect() {
      for (const each of consumers())
        this.set({ consumer: each.name }, each.notRunning() === undefined ? 1 : 0);
    },
  });
  new Gauge({
    name: 'sluice_consumer_since_commit_seconds',
    help: 'Time since it committed last, or began',
    labelNames,
    registers,
    collect() {
      for (const [consumer, at] of committedAt) this.set({ consumer }, (performance.now() - at) / 1000);
    },
  });
  const restarts = new Counter({
    name: 'sluice_consumer_failures_total',
    help: 'Times that it could not start, or ended by an error',
    labelNames,
    registers,
  });
  const batch = new Histogram({
    name: 'sluice_consumer_batch_seconds',
    help: 'Storing a batch, in one transaction',
    labelNames,
    buckets: seconds,
    registers,
  });
  const deadLetters = new Counter({
    name: 'sluice_consumer_dead_letters_total',
    help: 'Messages that could not be worked on, by the code of the reason',
    labelNames: ['consumer', 'code'],
    registers,
  });
  const lag = new Gauge({
    name: 'sluice_consumer_lag_messages',
    help: 'Messages of a partition that are not committed',
    labelNames: ['consumer', 'topic', 'partition'],
    registers,
  });
  return (consumer) => {
    committedAt.set(consumer, performance.now());
    restarts.inc({ consumer }, 0);
    return {
      restarted: () => restarts.inc({ consumer }),
      committed: () => void committedAt.set(consumer, performance.now()),
      stored: (took) => batch.observe({ consumer }, took),
      deadLetter: (code) => deadLetters.inc({ consumer, code }),
      lag: (topic, partition, messages) => lag.set({ consumer, topic, partition }, messages),
    };
  };
};
