import { Counter, Gauge, type Registry } from 'prom-client';
import type { ByteCounts } from '../core/admission/byte-counts.ts';
import type { Gates } from '../core/admission/gates.ts';
import type { ModelGate } from '../core/admission/model-gate.ts';
import { refusalReasons } from '../core/admission/overloaded.ts';

export interface AdmissionState {
  readonly gates: Gates;
  readonly bytes: ByteCounts;
}

interface GaugeSpec {
  readonly name: string;
  readonly help: string;
  readonly value: (gate: ModelGate) => number;
}

const gauges: readonly GaugeSpec[] = [
  {
    name: 'sluice_admission_limit',
    help: 'Requests that may be below admission at once',
    value: ({ limit }) => limit,
  },
  {
    name: 'sluice_admission_in_flight_requests',
    help: 'Requests that are admitted and not answered',
    value: ({ inFlight }) => inFlight,
  },
  {
    name: 'sluice_admission_waiting_requests',
    help: 'Requests that wait to be admitted',
    value: ({ waiting }) => waiting,
  },
];

/** What admission does; values are read when they are asked for. */
export const registerAdmissionMetrics = (registry: Registry, { gates, bytes }: AdmissionState): void => {
  const registers = [registry];
  for (const { name, help, value } of gauges) {
    new Gauge({
      name,
      help,
      labelNames: ['model'],
      registers,
      collect() {
        this.reset();
        for (const [model, gate] of gates.all()) this.set({ model }, value(gate));
      },
    });
  }
  new Counter({
    name: 'sluice_admission_refused_total',
    help: 'Requests that were refused as OVERLOADED, by reason',
    labelNames: ['model', 'reason'],
    registers,
    collect() {
      this.reset();
      for (const [model, { refused }] of gates.all())
        for (const reason of refusalReasons) this.inc({ model, reason }, refused[reason]);
    },
  });
  new Gauge({
    name: 'sluice_admission_bytes',
    help: 'Input bytes that are admitted or waiting',
    registers,
    collect() {
      this.set(bytes.total);
    },
  });
};
