import { shortened } from '@sluice/kernel/errors/shortened';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toStruct } from '@sluice/kernel/features/struct';
import type { InputToWrite, RecordToWrite } from '@sluice/kernel/records/write-record';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { RecordedOutcome } from '@sluice/protos/gen/sluice/v1/RecordedOutcome';
import type { RecordedTensor } from '@sluice/protos/gen/sluice/v1/RecordedTensor';
import type { Answer, CallInput, TimedCall } from '../core/call.ts';
import type { Resolution } from '../core/resolve-release.ts';
import { encodeViolations } from '../predict/encode-answer.ts';

/** How a request ended. */
export type Ended = { readonly answer: Answer } | { readonly error: SluiceError; readonly totalMs: number };

/** What was found out about a request before it ended. */
export interface Found {
  /** undefined: no release was found. */
  readonly resolution: Resolution | undefined;
  /** The number of the revision in force. */
  readonly revision: number;
  /** When the request arrived, as a record says it. */
  readonly time: string;
}

/** Longest text of a caller's that is kept as a name. */
const maxNameLength = 1024;
const name = (text: string): string => (text.length <= maxNameLength ? text : shortened(text, maxNameLength));

const tensorOf = ({ name, datatype, shape, data }: Tensor): RecordedTensor => ({
  name,
  datatype,
  shape: shape as number[],
  raw: data,
});

const inputOf = (input: CallInput): InputToWrite =>
  input.kind === 'features'
    ? { named: input.features }
    : { tensors: { tensors: input.tensors.map(tensorOf), outputs: input.outputs as string[] } };

const outcomeOf = ({ outcome, tensors }: Answer): RecordedOutcome => {
  if (outcome.kind === 'refusal') return { refusal: { code: outcome.code, message: outcome.message } };
  if (outcome.named === undefined) return { tensors: { tensors: tensors.map(tensorOf) } };
  return { prediction: { outputs: toStruct(outcome.named) } };
};

const failureOf = ({ code, message, violations }: SluiceError): RecordedOutcome => ({
  failure: { code, message, violations: encodeViolations(violations) },
});

const codeOf = ({ outcome }: Answer): string => (outcome.kind === 'refusal' ? outcome.code : 'OK');

const round = (ms: number): number => Math.round(ms * 1000) / 1000;

const timingsOf = ({ timings, totalMs: ms }: Answer) => {
  const totalMs = round(ms);
  if (timings === undefined) return { totalMs };
  const { queueUs, computeInputUs, computeInferUs, computeOutputUs } = timings;
  return {
    queueMs: queueUs / 1000,
    computeMs: (computeInputUs + computeInferUs + computeOutputUs) / 1000,
    totalMs,
  };
};

const parametersOf = ({ sentParameters }: TimedCall) =>
  sentParameters === undefined || Object.keys(sentParameters).length === 0 ? null : toStruct(sentParameters);

/** The record of a request that has ended, with its input as it was sent, but for what constants.ts has. */
export const buildRecord = (call: TimedCall, found: Found, ended: Ended): RecordToWrite => {
  const answer = 'answer' in ended ? ended.answer : undefined;
  return {
    predictionId: call.predictionId,
    requestId: name(call.requestId),
    time: found.time,
    door: call.scope.door,
    model: found.resolution === undefined ? name(call.model) : '',
    version: name(call.version),
    revision: found.revision,
    synthetic: call.traffic === 'synthetic',
    entityId: name(call.entityId ?? ''),
    input: inputOf(call.input),
    outcome: 'answer' in ended ? outcomeOf(ended.answer) : failureOf(ended.error),
    code: 'answer' in ended ? codeOf(ended.answer) : ended.error.code,
    timings: 'answer' in ended ? timingsOf(ended.answer) : { totalMs: round(ended.totalMs) },
    traceId: call.scope.spanContext.traceId,
    client: call.scope.peer,
    parameters: parametersOf(call),
    warnings: (answer?.warnings ?? []) as string[],
  };
};
