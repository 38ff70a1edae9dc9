import { join } from 'node:path';
import type { BoundAddress, ProcessSpec } from './process-spec.ts';
import { reachable } from './reachable.ts';
import type { PortName, StartSettings } from './settings.ts';

/** Where the gateway and the consumers find the event log and the database. */
export const recordsEnvironment = ({ eventLogUrl, databaseUrl, bindHost, ports }: StartSettings) => ({
  EVENT_LOG_URL: eventLogUrl,
  DATABASE_URL: databaseUrl ?? `postgres://sluice@${reachable(bindHost)}:${ports.database}/sluice`,
});

export interface ConsumerProcessesOptions {
  readonly settings: StartSettings;
  readonly repository: string;
  /** Of each of them. */
  readonly environment: Readonly<Record<string, string>>;
  readonly address: (label: string, scheme: BoundAddress['scheme'], name: PortName) => BoundAddress;
  /** Folders of what they share. */
  readonly watch: readonly string[];
}

/**
 * Records wait in the gateway's spool: whoever starts Sluice need not wait for those who store them, nor share two cores
 * with them meanwhile.
 */
const aside = { after: ['model-runtime', 'gateway'], background: true };

const databaseOf = ({
  settings,
  repository,
  environment,
  address,
  watch,
}: ConsumerProcessesOptions): ProcessSpec => {
  const { ports, bindHost } = settings;
  return {
    name: 'database',
    main: join(repository, 'consumers/database/main.ts'),
    environment: {
      ...environment,
      DATABASE_PORT: String(ports.database),
      METRICS_PORT: String(ports.databaseHealth),
    },
    healthUrl: `http://${reachable(bindHost)}:${ports.databaseHealth}/readyz`,
    addresses: [address('PostgreSQL', 'postgres', 'database'), address('health', 'http', 'databaseHealth')],
    ...aside,
    watch: [join(repository, 'consumers/database'), ...watch],
  };
};

/** Alone, since it works for callers who wait, and the others for those who look later. */
const scorerOf = ({
  settings: { ports, bindHost },
  repository,
  environment,
  address,
  watch,
}: ConsumerProcessesOptions): ProcessSpec => ({
  name: 'scorer',
  main: join(repository, 'consumers/main.ts'),
  environment: {
    ...environment,
    CONSUMERS: 'scorer',
    METRICS_PORT: String(ports.scorerMetrics),
    GATEWAY_LINKS: `${reachable(bindHost)}:${ports.gatewayLink}`,
  },
  healthUrl: `http://${reachable(bindHost)}:${ports.scorerMetrics}/readyz`,
  addresses: [address('metrics', 'http', 'scorerMetrics')],
  ...aside,
  watch: [join(repository, 'consumers'), ...watch],
});

/** The scorer, the other consumers, and the embedded database unless there is another one. */
export const consumerProcesses = (options: ConsumerProcessesOptions): ProcessSpec[] => {
  const { settings, repository, environment, address, watch } = options;
  const { ports, bindHost, databaseUrl } = settings;
  const database = databaseUrl === undefined ? [databaseOf(options)] : [];
  return [
    scorerOf(options),
    ...database,
    {
      name: 'consumers',
      main: join(repository, 'consumers/main.ts'),
      environment: { ...environment, METRICS_PORT: String(ports.consumersMetrics) },
      healthUrl: `http://${reachable(bindHost)}:${ports.consumersMetrics}/readyz`,
      addresses: [address('metrics', 'http', 'consumersMetrics')],
      ...aside,
      // An embedded database takes some seconds for its first start.
      after: [...aside.after, ...database.map(({ name }) => name)],
      watch: [join(repository, 'consumers'), ...watch],
    },
  ];
};
