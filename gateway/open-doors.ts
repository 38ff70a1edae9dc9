import type { Header } from '@sluice/kernel/event-log/event-log';
import type { Packages } from '@sluice/protos/load';
import type { ReportKeeper } from './link/scorer-reports.ts';
import type { OpenLink } from './link/serve-link.ts';
import { startLinkDoor } from './link/start-link-door.ts';
import type { DoorOptions } from './predict/door.ts';
import type { Publish } from './publish/publisher.ts';
import { startRestDoor } from './rest/start-rest-door.ts';
import { startRpcDoor } from './rpc/start-rpc-door.ts';
import { registerStreamsMetric } from './telemetry/gateway-metrics.ts';
import { registerLinkMetrics } from './telemetry/link-metrics.ts';

export interface OpenDoorsOptions extends DoorOptions {
  readonly protos: Packages;
  readonly registry: Parameters<typeof registerLinkMetrics>[0];
  readonly publish: Publish;
  readonly reports: ReportKeeper;
  /** Those that all returned records have in common. */
  readonly recordHeaders: readonly Header[];
}

/** Where each door listens, `host:port`. */
export interface OpenDoors extends AsyncDisposable {
  readonly http: string;
  readonly grpc: string;
  readonly link: string;
}

/** Opens all doors. They drain at once: none takes anything new while another waits for its last answer. */
export const openDoors = async (options: OpenDoorsOptions): Promise<OpenDoors> => {
  const { config, registry } = options;
  const openStreams = new Set<object>();
  registerStreamsMetric(registry, () => openStreams.size);
  const openLinks = new Set<OpenLink>();
  const metrics = registerLinkMetrics(registry, { open: openLinks });
  const rpc = await startRpcDoor({ ...options, openStreams });
  const rest = await startRestDoor({ ...options, grpcPort: rpc.port });
  const link = await startLinkDoor({ ...options, metrics, openLinks });
  const at = (port: number): string => `${config.BIND_HOST}:${port}`;
  return {
    http: at(rest.port),
    grpc: at(rpc.port),
    link: at(link.port),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([rpc, rest, link].map((open) => open[Symbol.asyncDispose]()));
    },
  };
};
