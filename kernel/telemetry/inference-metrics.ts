import { Counter, Gauge, type Registry } from 'prom-client';
import type { ReleaseStatistics, Statistics } from '../oip/statistics.ts';

const labelNames = ['model', 'version'] as const;

interface CounterSpec {
  readonly name: string;
  readonly help: string;
  readonly value: (of: ReleaseStatistics) => number;
}

const us = (ns: number): number => Math.round(ns / 1000);

/** Triton's names, so that dashboards made for it work. */
const counters: readonly CounterSpec[] = [
  {
    name: 'nv_inference_request_success',
    help: 'Requests that were answered',
    value: (of) => of.success.count,
  },
  { name: 'nv_inference_count', help: 'Rows that were computed', value: (of) => of.inferenceCount },
  { name: 'nv_inference_exec_count', help: 'Batches that were computed', value: (of) => of.executionCount },
  {
    name: 'nv_inference_request_duration_us',
    help: 'Time of answered requests, in all',
    value: (of) => us(of.success.ns),
  },
  {
    name: 'nv_inference_queue_duration_us',
    help: 'Time in the queue, in all',
    value: (of) => us(of.queue.ns),
  },
  {
    name: 'nv_inference_compute_input_duration_us',
    help: 'Time of preparing inputs, in all',
    value: (of) => us(of.computeInput.ns),
  },
  {
    name: 'nv_inference_compute_infer_duration_us',
    help: 'Time of running the graph, in all',
    value: (of) => us(of.computeInfer.ns),
  },
  {
    name: 'nv_inference_compute_output_duration_us',
    help: 'Time of taking outputs, in all',
    value: (of) => us(of.computeOutput.ns),
  },
];

/** Registers the nv_ metrics; their values are read from the statistics when they are asked for. */
export const registerInferenceMetrics = (registry: Registry, statistics: Statistics): void => {
  const registers = [registry];
  for (const { name, help, value } of counters) {
    new Counter({
      name,
      help,
      labelNames,
      registers,
      collect() {
        this.reset();
        for (const of of statistics.all()) this.inc({ model: of.model, version: of.version }, value(of));
      },
    });
  }
  new Counter({
    name: 'nv_inference_request_failure',
    help: 'Requests that failed, by reason',
    labelNames: [...labelNames, 'reason'],
    registers,
    collect() {
      this.reset();
      for (const { model, version, failures } of statistics.all()) {
        for (const [reason, count] of failures) this.inc({ model, version, reason }, count);
      }
    },
  });
  new Gauge({
    name: 'nv_inference_pending_request_count',
    help: 'Requests that wait for their answer',
    labelNames,
    registers,
    collect() {
      for (const { model, version, pending } of statistics.all()) this.set({ model, version }, pending);
    },
  });
};
