import { collectDefaultMetrics, Registry } from 'prom-client';

/** A metrics registry of one process, with prom-client's own process_* and nodejs_* metrics; nothing is global. */
export const createRegistry = (): Registry => {
  const registry = new Registry();
  collectDefaultMetrics({ register: registry });
  return registry;
};
