import { join, resolve } from 'node:path';
import { commonShape, count, loadEnvironment, storeUrlOf } from '@sluice/kernel/config/environment';
import { eventLogOf, eventLogShape } from '@sluice/kernel/config/event-log';
import { z } from 'zod';

/** Each port of the embedded default: the variable that moves it, and where it lies without one. */
export const PORT_VARIABLES = {
  gatewayHttp: { variable: 'GATEWAY_HTTP_PORT', defaultPort: 8000 },
  gatewayGrpc: { variable: 'GATEWAY_GRPC_PORT', defaultPort: 8001 },
  gatewayMetrics: { variable: 'GATEWAY_METRICS_PORT', defaultPort: 8002 },
  gatewayLink: { variable: 'GATEWAY_LINK_PORT', defaultPort: 8003 },
  runtimeGrpc: { variable: 'RUNTIME_GRPC_PORT', defaultPort: 8010 },
  runtimeMetrics: { variable: 'RUNTIME_METRICS_PORT', defaultPort: 8012 },
  consumersMetrics: { variable: 'CONSUMERS_METRICS_PORT', defaultPort: 8022 },
  scorerMetrics: { variable: 'SCORER_METRICS_PORT', defaultPort: 8024 },
  database: { variable: 'DATABASE_PORT', defaultPort: 8032 },
  databaseHealth: { variable: 'DATABASE_HEALTH_PORT', defaultPort: 8034 },
} as const;

export type PortName = keyof typeof PORT_VARIABLES;

/** What `sluice start` was told by its environment. Paths are absolute. */
export interface StartSettings {
  readonly home: string;
  /** Where Node keeps what it makes of the sources: 0.15 s less for a process to start. */
  readonly compileCache: string;
  readonly storeUrl: string;
  /** Whether the store is the embedded one below `home`, which is seeded with the example releases. */
  readonly storeIsEmbedded: boolean;
  readonly eventLogUrl: string;
  /** undefined: the embedded database, which is then one of the processes. */
  readonly databaseUrl: string | undefined;
  readonly environment: string;
  readonly bindHost: string;
  /** How long a process may take to finish its work after SIGTERM. */
  readonly drainMs: number;
  readonly ports: Readonly<Record<PortName, number>>;
  /** Whether the gateway's doors speak TLS. */
  readonly tls: boolean;
}

const MAX_PORT = 65_535;
const port = () => count(1, MAX_PORT).optional();
const offset = z.coerce.number('expected a number').int('expected a whole number').default(0);

const environmentSchema = z.object({
  SLUICE_HOME: commonShape.SLUICE_HOME,
  STORE_URL: commonShape.STORE_URL,
  EVENT_LOG_URL: eventLogShape.EVENT_LOG_URL,
  DATABASE_URL: z.string().optional(),
  BIND_HOST: commonShape.BIND_HOST,
  DRAIN_MS: commonShape.DRAIN_MS,
  SLUICE_ENVIRONMENT: commonShape.SLUICE_ENVIRONMENT,
  SLUICE_PORT_OFFSET: offset,
  GATEWAY_HTTP_PORT: port(),
  GATEWAY_GRPC_PORT: port(),
  GATEWAY_METRICS_PORT: port(),
  GATEWAY_LINK_PORT: port(),
  RUNTIME_GRPC_PORT: port(),
  RUNTIME_METRICS_PORT: port(),
  CONSUMERS_METRICS_PORT: port(),
  SCORER_METRICS_PORT: port(),
  DATABASE_PORT: port(),
  DATABASE_HEALTH_PORT: port(),
  TLS_CERT_FILE: z.string().optional(),
  NODE_COMPILE_CACHE: z.string().optional(),
});

type ParsedEnvironment = z.infer<typeof environmentSchema>;

/**
 * Reads the environment of `sluice start`. SLUICE_PORT_OFFSET shifts every port that has no variable of its
 * own set. An empty variable counts as absent. All faults are reported at once.
 */
export const parseSettings = (
  environment: NodeJS.ProcessEnv,
  workingFolder: string,
): { value: StartSettings } | { error: string[] } => {
  const parsed = loadEnvironment(environmentSchema, environment);
  if ('error' in parsed) return parsed;
  const config = parsed.value;
  const ports = choosePorts(config);
  const faults = portFaults(ports);
  if (faults.length > 0) return { error: faults };
  const home = resolve(workingFolder, config.SLUICE_HOME);
  return {
    value: {
      home,
      compileCache: config.NODE_COMPILE_CACHE ?? join(home, 'compile-cache'),
      storeUrl: storeUrlOf({ SLUICE_HOME: home, STORE_URL: config.STORE_URL }),
      storeIsEmbedded: config.STORE_URL === undefined,
      eventLogUrl: eventLogOf({ SLUICE_HOME: home, EVENT_LOG_URL: config.EVENT_LOG_URL }).url,
      databaseUrl: config.DATABASE_URL,
      environment: config.SLUICE_ENVIRONMENT,
      bindHost: config.BIND_HOST,
      drainMs: config.DRAIN_MS,
      ports,
      tls: config.TLS_CERT_FILE !== undefined,
    },
  };
};

const choosePorts = (parsed: ParsedEnvironment): Record<PortName, number> => {
  const port = (name: PortName): number => {
    const { variable, defaultPort } = PORT_VARIABLES[name];
    return parsed[variable] ?? defaultPort + parsed.SLUICE_PORT_OFFSET;
  };
  return {
    gatewayHttp: port('gatewayHttp'),
    gatewayGrpc: port('gatewayGrpc'),
    gatewayMetrics: port('gatewayMetrics'),
    gatewayLink: port('gatewayLink'),
    runtimeGrpc: port('runtimeGrpc'),
    runtimeMetrics: port('runtimeMetrics'),
    consumersMetrics: port('consumersMetrics'),
    scorerMetrics: port('scorerMetrics'),
    database: port('database'),
    databaseHealth: port('databaseHealth'),
  };
};

/** Ports that an offset carried out of range, and variables that name the same port. */
const portFaults = (ports: Readonly<Record<PortName, number>>): string[] => {
  const faults: string[] = [];
  const owners = new Map<number, string>();
  for (const [name, port] of Object.entries(ports)) {
    const { variable } = PORT_VARIABLES[name as PortName];
    if (port < 1 || port > MAX_PORT) faults.push(`SLUICE_PORT_OFFSET: moves ${variable} to ${port}`);
    const owner = owners.get(port);
    if (owner !== undefined) faults.push(`${variable}: port ${port} is already that of ${owner}`);
    owners.set(port, variable);
  }
  return faults;
};
