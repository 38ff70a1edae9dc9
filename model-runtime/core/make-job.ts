import type { Release } from '@sluice/kernel/release/release';
import type { TraceText } from '@sluice/kernel/telemetry/trace-context';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { Job, JobOutcome } from './job.ts';

export interface JobRequest {
  /** In the signature's order, checked. */
  readonly inputs: readonly Tensor[];
  readonly enqueuedAt: number;
  readonly deadlineAt: number;
  readonly trace: TraceText;
  readonly settle: (outcome: JobOutcome) => void;
}

/** All shapes without the batch axis. */
const shapeKeyOf = (inputs: readonly Tensor[]): string =>
  inputs.map(({ shape }) => shape.slice(1).join(',')).join(';');

export const makeJob = ({ signature }: Release, request: JobRequest): Job => ({
  ...request,
  rows: signature.maxBatchSize === 0 ? 1 : (request.inputs[0]?.shape[0] ?? 1),
  shapeKey: shapeKeyOf(request.inputs),
  bytes: request.inputs.reduce((sum, { data }) => sum + data.byteLength, 0),
});

/** Those outputs that were asked for, in the order of the asking; none named: all. */
export const wanted = (outputs: readonly Tensor[], names: readonly string[]): readonly Tensor[] =>
  names.length === 0 ? outputs : names.flatMap((name) => outputs.filter((output) => output.name === name));
