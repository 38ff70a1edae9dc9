import type { Store } from '@sluice/kernel/store/store';
import type { Log } from '@sluice/kernel/telemetry/log';
import type { GatewayConfig } from './config.ts';
import type { Servers } from './open-servers.ts';
import { createPublisher, type Publish } from './publish/publisher.ts';
import { servePublished } from './publish/serve-published.ts';
import { tellPublications } from './publish/tell-publications.ts';
import type { StoreWatch } from './releases/store-watch.ts';
import { registerPublishMetrics } from './telemetry/publish-metrics.ts';

export interface PublishingOptions {
  readonly config: GatewayConfig;
  readonly log: Log;
  readonly registry: Parameters<typeof registerPublishMetrics>[0];
  readonly store: Store;
  readonly watch: StoreWatch;
  readonly servers: Servers;
  readonly draining: AbortSignal;
}

/** Publishes into the store, and has at once loaded what was published. */
export const openPublisher = ({ watch, servers, registry, log, ...options }: PublishingOptions): Publish => {
  const serve = servePublished({
    refresh: () => watch.refreshNow(),
    index: () => watch.index,
    servers,
    load: servers.loadRelease,
    changed: servers.changed,
    readyMs: options.config.PUBLISH_READY_MS,
  });
  return tellPublications(createPublisher({ ...options, serve }), log, registerPublishMetrics(registry));
};
