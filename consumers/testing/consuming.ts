import type { TestContext } from 'node:test';
import type { Tracer } from '@opentelemetry/api';
import type { EventLog, Message, Received } from '@sluice/kernel/event-log/event-log';
import { collect } from '@sluice/kernel/event-log/testing/collect';
import { temporaryLog } from '@sluice/kernel/event-log/testing/embedded-log';
import { loadFeedbackJson } from '@sluice/kernel/records/feedback-json';
import { openPredictionReader } from '@sluice/kernel/records/open-prediction-reader';
import type { PredictionReader } from '@sluice/kernel/records/prediction-reader';
import { codecs } from '@sluice/kernel/records/testing/records';
import { deadLetters, deadLettersTopic, recordTopics } from '@sluice/kernel/records/topics';
import { openStore } from '@sluice/kernel/store/open-store';
import { createLog } from '@sluice/kernel/telemetry/log';
import { emptyRegistry } from '@sluice/kernel/telemetry/registry';
import { startFeedback } from '../feedback/start-feedback.ts';
import { type KeptConsumer, keepRunning, type StartConsumer } from '../keep-running.ts';
import { startRecorder } from '../recorder/start-recorder.ts';
import { registerConsumerMetrics } from '../telemetry/consumer-metrics.ts';
import { registerFeedbackMetrics, registerRecorderMetrics } from '../telemetry/record-metrics.ts';

export interface Settings {
  readonly databaseUrl: string;
  readonly tracer?: Tracer;
  readonly waitMs?: number;
  /** Folder of releases and revisions. */
  readonly store?: string;
}

/** An event log of its own with a recorder and a feedback consumer, which go with the test. */
export interface Consuming {
  readonly log: EventLog;
  readonly reader: PredictionReader;
  /** Messages of the log, as objects. */
  readonly lines: readonly Record<string, unknown>[];
  start(name: 'recorder' | 'feedback'): KeptConsumer;
  send(topic: string, messages: readonly Message[]): Promise<void>;
  /** Waits for as many dead letters. */
  letters(count: number): Promise<readonly Received[]>;
  metrics(): Promise<string>;
}

const quick = { firstMs: 20, maxMs: 200, goodLifeMs: 30_000 };
const weekMs = 7 * 86_400_000;

export const consuming = async (t: TestContext, settings: Settings): Promise<Consuming> => {
  const { log, folder } = await temporaryLog(t);
  await log.admin.create([...recordTopics, deadLetters]);
  const stack = new AsyncDisposableStack();
  t.after(() => stack.disposeAsync());
  const { databaseUrl, tracer, waitMs = weekMs, store = folder } = settings;
  const reader = stack.use(openPredictionReader({ url: databaseUrl, codecs }));
  const producer = stack.use(await log.openProducer());
  const registry = emptyRegistry('dev');
  const running: KeptConsumer[] = [];
  const lines: Record<string, unknown>[] = [];
  const destination = { write: (text: string) => void lines.push(JSON.parse(text)) };
  const metricsOf = registerConsumerMetrics({ registry, consumers: () => running });
  const shared = {
    eventLog: { url: log.url },
    databaseUrl,
    codecs,
    tracer,
    lagPollMs: 20,
    log: createLog({ process: 'consumers', environment: 'dev', level: 'info', destination }),
  };
  const startOf = (name: 'recorder' | 'feedback'): StartConsumer => {
    const metrics = metricsOf(name);
    if (name === 'recorder')
      return startRecorder({
        ...shared,
        name,
        metrics,
        recorder: registerRecorderMetrics(registry),
        revisions: openStore(`file:${store}`),
        retentionSweepMs: 50,
      });
    const feedback = registerFeedbackMetrics(registry);
    return startFeedback({
      ...shared,
      name,
      metrics,
      feedback,
      fromJson: loadFeedbackJson(),
      waitMs,
      sweepMs: 50,
    });
  };
  return {
    log,
    reader,
    lines,
    start: (name) => {
      const kept = keepRunning({ name, start: startOf(name), log: shared.log, backoff: quick });
      running.push(stack.use(kept));
      return kept;
    },
    send: (topic, messages) => producer.send([{ topic, messages }]),
    letters: async (count) => {
      await using collector = await collect(log, { topics: [deadLettersTopic] });
      return [...(await collector.until(count))];
    },
    metrics: () => registry.metrics(),
  };
};
