import { urgencyOf } from '@sluice/kernel/oip/priority';
import type { Release } from '@sluice/kernel/release/release';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Job, JobOutcome } from './job.ts';

export interface JobRequest {
  /** In the signature's order, checked. */
  readonly inputs: readonly Tensor[];
  /** As the caller wrote it; 0: the default. */
  readonly priority: number;
  readonly enqueuedAt: number;
  readonly deadlineAt: number;
  readonly trace: TraceText;
  readonly settle: (outcome: JobOutcome) => void;
}

/** All shapes without the batch axis. */
const shapeKeyOf = (inputs: readonly Tensor[]): string => {
  let key = '';
  for (const { shape } of inputs) {
    for (let axis = 1; axis < shape.length; axis += 1) key += `${shape[axis]},`;
    key += ';';
  }
  return key;
};

const bytesIn = (inputs: readonly Tensor[]): number => {
  let bytes = 0;
  for (const { data } of inputs) bytes += data.byteLength;
  return bytes;
};

export const makeJob = ({ signature }: Release, request: JobRequest): Job => ({
  inputs: request.inputs,
  rows: signature.maxBatchSize === 0 ? 1 : (request.inputs[0]?.shape[0] ?? 1),
  shapeKey: shapeKeyOf(request.inputs),
  bytes: bytesIn(request.inputs),
  priority: urgencyOf(request.priority),
  enqueuedAt: request.enqueuedAt,
  deadlineAt: request.deadlineAt,
  trace: request.trace,
  settle: request.settle,
});

/** Those outputs that were asked for, in the order of the asking; none named: all. */
export const wanted = (outputs: readonly Tensor[], names: readonly string[]): readonly Tensor[] =>
  names.length === 0 ? outputs : names.flatMap((name) => outputs.filter((output) => output.name === name));
