import { type ClientUnaryCall, Metadata } from '@grpc/grpc-js';
import type { InferParameter } from '@sluice/protos/gen/inference/InferParameter';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { Clients } from '../../support/clients.ts';
import { unary } from '../../support/clients.ts';
import { refusalOf } from '../bad-input/grpc-refusal.ts';
import type { Refusal } from '../bad-input/row.ts';

/** A request with one input of whatever shape. */
export interface Ask {
  readonly model: string;
  readonly input: string;
  readonly shape: readonly number[];
  readonly values: readonly number[] | readonly bigint[];
  /** Microseconds. */
  readonly timeoutUs?: number;
  readonly traceparent?: string;
}

const bytesOf = (values: Ask['values']): Buffer =>
  typeof values[0] === 'bigint'
    ? Buffer.from(BigInt64Array.from(values as readonly bigint[]).buffer)
    : Buffer.from(Float32Array.from(values as readonly number[]).buffer);

type Done = (error: unknown, value?: ModelInferResponse__Output) => void;

/** Sends it; the call can be cancelled. */
export const send = ({ inference }: Clients, ask: Ask, done: Done): ClientUnaryCall => {
  const { model: modelName, input: name, shape, values, timeoutUs } = ask;
  const datatype = typeof values[0] === 'bigint' ? 'INT64' : 'FP32';
  const parameters: Record<string, InferParameter> =
    timeoutUs === undefined ? {} : { timeout: { int64Param: timeoutUs } };
  const inputs = [{ name, datatype, shape: [...shape] }];
  const metadata = new Metadata();
  if (ask.traceparent !== undefined) metadata.set('traceparent', ask.traceparent);
  const request = { modelName, inputs, parameters, rawInputContents: [bytesOf(values)] };
  return inference.ModelInfer(request, metadata, done);
};

/** The numbers of the only output. */
export const infer = async (clients: Clients, ask: Ask): Promise<number[]> => {
  const { rawOutputContents } = await unary<ModelInferResponse__Output>((done) => send(clients, ask, done));
  return [...new Float32Array(new Uint8Array(rawOutputContents[0] ?? []).buffer)];
};

/** Why it was refused. */
export const refused = (clients: Clients, ask: Ask): Promise<Refusal> =>
  infer(clients, ask).then((numbers) => {
    throw new Error(`answered [${numbers}]`);
  }, refusalOf);

/** Two rows for a model that echoes. */
export const echo = (model: string, ...values: readonly number[]): Ask => ({
  model,
  input: 'x0',
  shape: [values.length, 1],
  values,
});

/** Computes for a while: about two seconds for 1024, so that a busy machine can look meanwhile. */
export const slow = (size: number): Ask => ({
  model: 'far-slow',
  input: 'size',
  shape: [2],
  values: [BigInt(size), BigInt(size)],
});
