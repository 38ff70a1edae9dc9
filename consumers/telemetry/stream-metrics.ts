import { registerHistogram } from '@sluice/kernel/telemetry/histogram';
import { Counter, Gauge, type Registry } from 'prom-client';

/** What the work on a stream tells. */
export interface StreamMetrics {
  /** What came of so many events. */
  finished(outcome: string, events: number): void;
  /** From when an event was read until it was committed. */
  event(seconds: number): void;
  committed(seconds: number): void;
  retried(code: string): void;
  deadLetter(code: string): void;
}

/** How a partition of a stream stands. */
export interface StreamGauges {
  readonly stream: string;
  readonly topic: string;
  readonly partition: number;
  readonly lagMessages: number;
  readonly lagSeconds: number;
  readonly inWindow: number;
  readonly sinceCommitSeconds: number;
}

export interface StreamMetricsOptions {
  readonly registry: Registry;
  readonly partitions: () => readonly StreamGauges[];
  /** Streams of the revision, and whether each goes on. */
  readonly streams: () => readonly { readonly name: string; readonly isRunning: boolean }[];
}

const eventSeconds = [0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30];
const labelNames = ['stream', 'topic', 'partition'] as const;

const registerGauges = ({ registry, partitions, streams }: StreamMetricsOptions): void => {
  const registers = [registry];
  new Gauge({
    name: 'sluice_stream_running',
    help: '1: the stream goes on; 0: it waits',
    labelNames: ['stream'],
    registers,
    collect() {
      this.reset();
      for (const { name, isRunning } of streams()) this.set({ stream: name }, isRunning ? 1 : 0);
    },
  });
  const gauge = (name: string, help: string, measure: (gauges: StreamGauges) => number) =>
    new Gauge({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const each of partitions())
          this.set({ stream: each.stream, topic: each.topic, partition: each.partition }, measure(each));
      },
    });
  gauge('sluice_stream_lag_messages', 'Events that are not committed', (each) => each.lagMessages);
  gauge(
    'sluice_stream_lag_seconds',
    'Age of the oldest event that is not finished',
    (each) => each.lagSeconds,
  );
  gauge('sluice_stream_in_window', 'Events that are read and not finished', (each) => each.inWindow);
  gauge(
    'sluice_stream_since_commit_seconds',
    'Time since something was committed, or since the work began',
    (each) => each.sinceCommitSeconds,
  );
};

/** Metrics of the streams; the answer makes those of one. */
export const registerStreamMetrics = (
  options: StreamMetricsOptions,
): ((stream: string) => Omit<StreamMetrics, 'deadLetter'>) => {
  const { registry } = options;
  registerGauges(options);
  const events = new Counter({
    name: 'sluice_stream_events_total',
    help: 'Events by what came of them',
    labelNames: ['stream', 'outcome'],
    registers: [registry],
  });
  const retries = new Counter({
    name: 'sluice_stream_retries_total',
    help: 'Attempts that failed and were repeated, by the code of the reason',
    labelNames: ['stream', 'code'],
    registers: [registry],
  });
  const histogram = (name: string, help: string) =>
    registerHistogram(registry, { name, help, labelNames: ['stream'], buckets: eventSeconds });
  const finished = histogram(
    'sluice_stream_event_seconds',
    'From when an event is read until it is committed',
  );
  const commits = histogram('sluice_stream_commit_seconds', 'Writing a group of events and their offset');
  return (stream) => {
    const [ofEvents, ofCommits] = [finished({ stream }), commits({ stream })];
    return {
      finished: (outcome, count) => events.inc({ stream, outcome }, count),
      event: (seconds) => ofEvents.observe(seconds),
      committed: (seconds) => ofCommits.observe(seconds),
      retried: (code) => retries.inc({ stream, code }),
    };
  };
};
