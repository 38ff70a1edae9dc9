import { Counter, Gauge, type Registry } from 'prom-client';

export interface LinkMetricsOptions {
  readonly registry: Registry;
  readonly links: () => readonly {
    readonly address: string;
    readonly isReady: boolean;
    readonly inFlight: number;
  }[];
}

/** Metrics of a scorer's links; the answer counts the events that a gateway had when it was lost. */
export const registerLinkMetrics = ({
  registry,
  links,
}: LinkMetricsOptions): ((gateway: string, events: number) => void) => {
  const registers = [registry];
  new Gauge({
    name: 'sluice_scorer_gateway_ready',
    help: '1: the gateway takes events; 0: it does not',
    labelNames: ['gateway'],
    registers,
    collect() {
      for (const { address, isReady } of links()) this.set({ gateway: address }, isReady ? 1 : 0);
    },
  });
  new Gauge({
    name: 'sluice_scorer_gateway_in_flight',
    help: 'Events that the gateway has and has not answered',
    labelNames: ['gateway'],
    registers,
    collect() {
      for (const { address, inFlight } of links()) this.set({ gateway: address }, inFlight);
    },
  });
  const lost = new Counter({
    name: 'sluice_scorer_lost_events_total',
    help: 'Events that a gateway had when it was lost; they are scored by another one',
    labelNames: ['gateway'],
    registers,
  });
  return (gateway, events) => lost.inc({ gateway }, events);
};
