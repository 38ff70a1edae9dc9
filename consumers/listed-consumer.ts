import type { Log } from '@sluice/kernel/telemetry/log';
import type { Tracing } from '@sluice/kernel/telemetry/tracing';
import type { ConsumersConfig } from './config.ts';
import type { KeepOptions } from './keep-running.ts';
import type { MetricsOptions } from './telemetry/consumer-metrics.ts';

/** What the consumers of a process have in common. */
export interface ListOptions {
  readonly config: ConsumersConfig;
  readonly log: Log;
  readonly registry: MetricsOptions['registry'];
  readonly tracing: Tracing;
}

/** How a consumer begins a life, and what it waits for meanwhile. */
export type ListedConsumer = Pick<KeepOptions, 'start' | 'waitsFor'>;
