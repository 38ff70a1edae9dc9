import { join } from 'node:path';
import { consumerProcesses, recordsEnvironment } from './consumer-processes.ts';
import type { BoundAddress, ProcessSpec } from './process-spec.ts';
import { reachable } from './reachable.ts';
import { PORT_VARIABLES, type PortName, type StartSettings } from './settings.ts';

/**
 * The processes of the embedded default, in dependency order; they are stopped in reverse.
 * A later process is one more entry.
 */
export const processTable = (
  settings: StartSettings,
  repository: string,
  adminKeySha256: string,
): ProcessSpec[] => {
  const { ports, bindHost } = settings;
  const address = (label: string, scheme: BoundAddress['scheme'], name: PortName): BoundAddress => ({
    label,
    scheme,
    host: bindHost,
    port: ports[name],
    variable: PORT_VARIABLES[name].variable,
  });
  const shared = {
    SLUICE_HOME: settings.home,
    STORE_URL: settings.storeUrl,
    BIND_HOST: bindHost,
    NODE_COMPILE_CACHE: settings.compileCache,
  };
  const records = recordsEnvironment(settings);
  const common = [join(repository, 'kernel'), join(repository, 'protos')];
  return [
    {
      name: 'model-runtime',
      main: join(repository, 'model-runtime/main.ts'),
      environment: {
        ...shared,
        GRPC_PORT: String(ports.runtimeGrpc),
        METRICS_PORT: String(ports.runtimeMetrics),
      },
      healthUrl: `http://${reachable(bindHost)}:${ports.runtimeMetrics}/readyz`,
      addresses: [address('gRPC', 'grpc', 'runtimeGrpc'), address('metrics', 'http', 'runtimeMetrics')],
      after: [],
      watch: [join(repository, 'model-runtime'), ...common],
    },
    {
      name: 'gateway',
      main: join(repository, 'gateway/main.ts'),
      environment: {
        ...shared,
        ...records,
        HTTP_PORT: String(ports.gatewayHttp),
        GRPC_PORT: String(ports.gatewayGrpc),
        METRICS_PORT: String(ports.gatewayMetrics),
        LINK_PORT: String(ports.gatewayLink),
        RUNTIME_URLS: `${reachable(bindHost)}:${ports.runtimeGrpc}`,
        ADMIN_KEY_SHA256: adminKeySha256,
      },
      // Not at its doors, whose certificate may be anybody's.
      healthUrl: `http://${reachable(bindHost)}:${ports.gatewayMetrics}/readyz`,
      addresses: [
        address('HTTP', settings.tls ? 'https' : 'http', 'gatewayHttp'),
        address('gRPC', 'grpc', 'gatewayGrpc'),
        address('metrics', 'http', 'gatewayMetrics'),
        address('link', 'grpc', 'gatewayLink'),
      ],
      // A gateway waits for its runtime by itself: started beside it, both are ready sooner.
      after: [],
      watch: [join(repository, 'gateway'), ...common],
    },
    ...consumerProcesses({
      settings,
      repository,
      environment: { ...shared, ...records },
      address,
      watch: common,
    }),
  ];
};
