import { hostname } from 'node:os';
import type { Header } from '@sluice/kernel/event-log/event-log';
import { gatewayExchange } from '@sluice/kernel/rpc/gateway-exchange';
import { defaultLimits, startRpcServer } from '@sluice/kernel/rpc/server';
import { serviceErrors } from '@sluice/kernel/rpc/status';
import { tolerant } from '@sluice/kernel/rpc/unreadable';
import type { GatewayServiceHandlers } from '@sluice/protos/gen/sluice/gateway/v1/GatewayService';
import type { Packages } from '@sluice/protos/load';
import type { Door, DoorOptions } from '../predict/door.ts';
import type { LinkMetrics } from '../telemetry/link-metrics.ts';
import { announce } from './announce.ts';
import type { ReportKeeper } from './scorer-reports.ts';
import { type LinkOptions, type OpenLink, serveLink } from './serve-link.ts';

/** How often links are told of readiness that has changed. */
const readinessMs = 250;

export interface LinkDoorOptions
  extends Pick<DoorOptions, 'config' | 'log' | 'tracer' | 'draining' | 'notReady' | 'handle'> {
  readonly protos: Packages;
  /** That all records have in common; none: nothing is recorded. */
  readonly recordHeaders: readonly Header[];
  readonly reports: ReportKeeper;
  readonly metrics: LinkMetrics;
  /** Where links stand while they are open. */
  readonly openLinks: Set<OpenLink>;
}

/** Tells all links when the gateway becomes ready, is so no more, or drains; the answer ends it. */
const keepAnnounced = ({ notReady, draining, openLinks }: LinkDoorOptions): Disposable => {
  let wasReady = notReady() === undefined;
  const tell = (): void => {
    for (const link of openLinks) link.announce();
  };
  const look = (): void => {
    const isReady = notReady() === undefined;
    if (isReady !== wasReady && !draining.aborted) tell();
    wasReady = isReady;
  };
  const timer = setInterval(look, readinessMs).unref();
  draining.addEventListener('abort', tell);
  return {
    [Symbol.dispose]: () => {
      clearInterval(timer);
      draining.removeEventListener('abort', tell);
    },
  };
};

/** Opens the door of the scorers. */
export const startLinkDoor = async (options: LinkDoorOptions): Promise<Door> => {
  const { config, log, tracer, draining, notReady, handle, protos, reports, metrics, openLinks } = options;
  const { LINK_MAX_IN_FLIGHT: maxInFlight, MAX_MESSAGE_BYTES: maxFrameBytes } = config;
  const announced = {
    gateway: config.GATEWAY_ID ?? hostname(),
    maxFrameBytes,
    maxInFlight,
    recordHeaders: options.recordHeaders,
    isReady: () => notReady() === undefined,
    draining,
  };
  const linkOptions: LinkOptions = {
    tracer,
    log,
    toServiceError: serviceErrors(protos),
    handle,
    draining,
    announce: () => announce(announced),
    maxInFlight,
    reports,
    metrics,
  };
  const service: GatewayServiceHandlers = {
    Exchange: (stream) => {
      const link = serveLink(stream, linkOptions);
      openLinks.add(link);
      stream.once('cancelled', () => openLinks.delete(link));
    },
  };
  const stack = new AsyncDisposableStack();
  stack.use(keepAnnounced(options));
  const server = stack.use(
    await startRpcServer({
      host: config.BIND_HOST,
      port: config.LINK_PORT,
      reusePort: config.REUSE_PORT,
      limits: { ...defaultLimits, maxMessageBytes: maxFrameBytes },
      drainMs: config.DRAIN_MS,
      addServices: (rpc) => rpc.addService(tolerant(gatewayExchange(protos)), service),
    }),
  );
  return { port: server.port, [Symbol.asyncDispose]: () => stack.disposeAsync() };
};
