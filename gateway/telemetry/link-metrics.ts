import { Counter, Gauge, type Registry } from 'prom-client';

export interface LinkMetrics {
  /** An entry was refused before it became a request. */
  refused(code: string): void;
}

export interface LinkState {
  /** Links that are open, with what they have in flight. */
  readonly open: Iterable<{ readonly inFlight: number }>;
}

/** What the links of the scorers count; what becomes a request is counted as those of every door are. */
export const registerLinkMetrics = (registry: Registry, { open }: LinkState): LinkMetrics => {
  const gauge = (name: string, help: string, value: () => number): void => {
    new Gauge({
      name,
      help,
      registers: [registry],
      collect() {
        this.set(value());
      },
    });
  };
  gauge('sluice_open_links', 'Links that scorers have open', () => [...open].length);
  gauge('sluice_link_in_flight_events', 'Events that came over links and are not answered', () =>
    [...open].reduce((sum, { inFlight }) => sum + inFlight, 0),
  );
  const refused = new Counter({
    name: 'sluice_link_refused_events_total',
    help: 'Events that came over links and were refused before they became requests, by code',
    labelNames: ['code'],
    registers: [registry],
  });
  refused.inc({ code: 'OVERLOADED' }, 0);
  return { refused: (code) => refused.inc({ code }) };
};
