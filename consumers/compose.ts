import { limitYoungGeneration } from '@sluice/kernel/lifecycle/young-generation';
import type { Log } from '@sluice/kernel/telemetry/log';
import { registerLoopDelay } from '@sluice/kernel/telemetry/loop-delay';
import { startOperationsServer } from '@sluice/kernel/telemetry/operations-server';
import { createRegistry } from '@sluice/kernel/telemetry/registry';
import { startTracing } from '@sluice/kernel/telemetry/tracing';
import { sluiceVersion } from '@sluice/kernel/version';
import type { ConsumersConfig } from './config.ts';
import { type KeptConsumer, keepRunning } from './keep-running.ts';
import { listConsumers } from './list-consumers.ts';
import { registerConsumerMetrics } from './telemetry/consumer-metrics.ts';

const mebibyte = 1024 ** 2;
/** Events of a stream are under way for some tens of milliseconds and stay young; others only pass through. */
const youngBytes = ({ CONSUMERS }: ConsumersConfig): number =>
  (CONSUMERS.includes('scorer') ? 16 : 8) * mebibyte;

/** Builds the consumers and puts them on the stack. Each lives for itself: what one waits for holds up no other one. */
export const compose = async (
  config: ConsumersConfig,
  log: Log,
  stack: AsyncDisposableStack,
): Promise<void> => {
  stack.use(limitYoungGeneration(youngBytes(config)));
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
  const consumers = listConsumers({ config, log, registry, tracing });
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
    const consumer = await consumers(name, metrics);
    running.push(stack.use(keepRunning({ ...consumer, name, log, onRestart: metrics.restarted })));
  }
  log.info({ metrics: `${config.BIND_HOST}:${operations.port}` }, 'listening');
};
