import { collectDefaultMetrics, Registry } from 'prom-client';

/**
 * A metrics registry of one process, with prom-client's own process_* and nodejs_* metrics; nothing is
 * global. Every sample has the label `environment`.
 */
export const createRegistry = (environment: string): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ environment });
  collectDefaultMetrics({ register: registry });
  return registry;
};
