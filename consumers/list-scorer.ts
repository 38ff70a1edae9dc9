import { storeCacheOf, storeUrlOf } from '@sluice/kernel/config/environment';
import { eventLogOf } from '@sluice/kernel/config/event-log';
import { openStore } from '@sluice/kernel/store/open-store';
import { loadProtos } from '@sluice/protos/load';
import { scorerIdOf } from './config.ts';
import type { ListedConsumer, ListOptions } from './listed-consumer.ts';
import { type OpenGatewayLink, openGatewayLink } from './scorer/link/open-gateway-link.ts';
import { createScorer, type Scorer } from './scorer/start-scorer.ts';
import type { StreamStatus } from './scorer/status/stream-status.ts';
import type { ConsumerMetrics } from './telemetry/consumer-metrics.ts';
import { registerLinkMetrics } from './telemetry/link-metrics.ts';
import { registerStreamMetrics, type StreamGauges, type StreamMetrics } from './telemetry/stream-metrics.ts';

const gaugesOf = ({ name, partitions }: StreamStatus): StreamGauges[] =>
  [...partitions].map((each) => ({
    stream: name,
    topic: each.topic,
    partition: each.partition,
    lagMessages: each.lag,
    lagSeconds: each.lagSeconds(Date.now()),
    inWindow: each.window.count,
    sinceCommitSeconds: (performance.now() - each.committedAt) / 1_000,
  }));

/** What a stream tells is told of its scorer, too. */
const withConsumer = (own: Omit<StreamMetrics, 'deadLetter'>, consumer: ConsumerMetrics): StreamMetrics => ({
  ...own,
  committed: (seconds) => {
    own.committed(seconds);
    consumer.committed();
    consumer.stored(seconds);
  },
  deadLetter: (code) => consumer.deadLetter(code),
});

const isRunning = ({ state }: StreamStatus): boolean => state === 'RUNNING' || state === 'FINISHED';

/** The scorer; it needs no database. */
export const listScorer = (
  { config, log, registry, tracing }: ListOptions,
  metrics: ConsumerMetrics,
): ListedConsumer => {
  const store = openStore(storeUrlOf(config), storeCacheOf(config));
  const protos = loadProtos();
  const scorerId = scorerIdOf(config);
  let link: OpenGatewayLink | undefined;
  const onLost = registerLinkMetrics({ registry, links: () => link?.links() ?? [] });
  const openLink = (): OpenGatewayLink => {
    link = openGatewayLink({
      addresses: config.GATEWAY_LINKS,
      protos,
      log,
      scorer: scorerId,
      hooks: { onLost },
    });
    return link;
  };
  const metricsOf = registerStreamMetrics({
    registry,
    partitions: () => scorer.streams().flatMap(gaugesOf),
    streams: () => scorer.streams().map((stream) => ({ name: stream.name, isRunning: isRunning(stream) })),
  });
  const scorer: Scorer = createScorer({
    eventLog: eventLogOf(config),
    store,
    revisionPollMs: config.REVISION_POLL_MS,
    openLink,
    scorer: scorerId,
    metricsOf: (stream) => withConsumer(metricsOf(stream), metrics),
    tracer: tracing.enabled ? tracing.tracer : undefined,
    drainMs: config.DRAIN_MS,
    lagPollMs: config.LAG_POLL_MS,
    stallMs: config.STREAM_STALL_MS,
    log,
  });
  return { start: scorer.start, waitsFor: scorer.waitsFor };
};
