import { Counter, type Registry } from 'prom-client';

export interface PublishMetrics {
  /** @param code OK, or why nothing was published. */
  ended(code: string): void;
}

/** What publishing counts. */
export const registerPublishMetrics = (registry: Registry): PublishMetrics => {
  const publications = new Counter({
    name: 'sluice_publications_total',
    help: 'Releases that were to be published, by what came of it',
    labelNames: ['code'],
    registers: [registry],
  });
  publications.inc({ code: 'OK' }, 0);
  return { ended: (code) => publications.inc({ code }) };
};
