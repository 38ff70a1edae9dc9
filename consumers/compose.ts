import { storeCacheOf, storeUrlOf } from '@sluice/kernel/config/environment';
import { eventLogOf } from '@sluice/kernel/config/event-log';
import { keepYoungGenerationSmall } from '@sluice/kernel/lifecycle/young-generation';
import { loadFeedbackJson } from '@sluice/kernel/records/feedback-json';
import { loadRecordCodecs } from '@sluice/kernel/records/record-codec';
import { openStore } from '@sluice/kernel/store/open-store';
import type { Log } from '@sluice/kernel/telemetry/log';
import { registerLoopDelay } from '@sluice/kernel/telemetry/loop-delay';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import { startTracing } from '@sluice/kernel/telemetry/tracing';
import { sluiceVersion } from '@sluice/kernel/version';
import type { ConsumerName, ConsumersConfig } from './config.ts';
import { startFeedback } from './feedback/start-feedback.ts';
import { type KeptConsumer, keepRunning, type StartConsumer } from './keep-running.ts';
import { startRecorder } from './recorder/start-recorder.ts';
import { type ConsumerMetrics, registerConsumerMetrics } from './telemetry/consumer-metrics.ts';
import { registerFeedbackMetrics, registerRecorderMetrics } from './telemetry/record-metrics.ts';

/** Builds the consumers and puts them on the stack. Each lives for itself: what one waits for holds up no other one. */
export const compose = async (
  config: ConsumersConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  keepYoungGenerationSmall();
  const tracing = stack.use(
    await startTracing({
      service: 'sluice-consumers',
      environment: config.SLUICE_ENVIRONMENT,
      version: sluiceVersion,
      env: process.env,
    }),
  );
  const registry = createRegistry(config.SLUICE_ENVIRONMENT);
  stack.use(registerLoopDelay(registry));
  const running: KeptConsumer[] = [];
  const metricsOf = registerConsumerMetrics({ registry, consumers: () => running });
  const shared = {
    eventLog: eventLogOf(config),
    databaseUrl: config.DATABASE_URL,
    codecs: loadRecordCodecs(),
    tracer: tracing.enabled ? tracing.tracer : undefined,
    lagPollMs: config.LAG_POLL_MS,
    log,
  };

  /** The consumers by name: how each begins a life. */
  const consumers: Readonly<Record<ConsumerName, (metrics: ConsumerMetrics) => StartConsumer>> = {
    recorder: (metrics) =>
      startRecorder({
        ...shared,
        name: 'recorder',
        metrics,
        recorder: registerRecorderMetrics(registry),
        revisions: openStore(storeUrlOf(config), storeCacheOf(config)),
        retentionSweepMs: config.RETENTION_SWEEP_MS,
      }),
    feedback: (metrics) =>
      startFeedback({
        ...shared,
        name: 'feedback',
        metrics,
        feedback: registerFeedbackMetrics(registry),
        fromJson: loadFeedbackJson(),
        waitMs: config.FEEDBACK_WAIT_MS,
        sweepMs: config.FEEDBACK_SWEEP_MS,
      }),
  };

  const notRunning = (): string | undefined => {
    const waiting = running.flatMap((each) => {
      const why = each.notRunning();
      return why === undefined ? [] : [`${each.name}: ${why}`];
    });
    return waiting.length === 0 ? undefined : waiting.join('\n');
  };
  const operations = stack.use(
    await startOperationsServer({
      host: config.BIND_HOST,
      port: config.METRICS_PORT,
      registry,
      notReady: notRunning,
    }),
  );
  for (const name of config.CONSUMERS) {
    const metrics = metricsOf(name);
    const start = consumers[name](metrics);
    running.push(stack.use(keepRunning({ name, start, log, onRestart: metrics.restarted })));
  }
  log.info({ metrics: `${config.BIND_HOST}:${operations.port}` }, 'listening');
};
