import { collectDefaultMetrics, Registry } from 'prom-client';

/** A metrics registry; nothing is global. Every sample has the label `environment`. */
export const emptyRegistry = (environment: string): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ environment });
  return registry;
};

/** The registry of one process, with prom-client's own process_* and nodejs_* metrics. */
export const createRegistry = (environment: string): Registry => {
  const registry = emptyRegistry(environment);
  collectDefaultMetrics({ register: registry });
  return registry;
};
