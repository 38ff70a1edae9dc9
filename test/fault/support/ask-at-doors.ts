import { toStruct } from '@sluice/kernel/features/struct';
import type { Features, FeatureValue } from '@sluice/kernel/features/value';
import { unary } from '../../support/clients.ts';
import { postPredict } from './ask-rest.ts';
import type { Cluster } from './cluster.ts';
import { type Outcome, ok, outcomeAfter } from './outcome.ts';

/** A question to any model, as tensor and as feature; whatever answer comes is right. */
export interface Question {
  readonly model: string;
  readonly name: string;
  readonly datatype: 'FP32' | 'INT64';
  readonly values: readonly number[];
  /** The same as a feature, where that is not the list of the values. */
  readonly feature?: FeatureValue;
  /** Undefined: the gateway's default. */
  readonly timeoutMs?: number;
}

type Ask = (cluster: Cluster, question: Question) => Promise<Outcome>;

const featuresOf = ({ name, values, feature = values }: Question): Features => ({ [name]: feature });

const bytesOf = ({ datatype, values }: Question): Buffer => {
  const array = datatype === 'FP32' ? Float32Array.from(values) : BigInt64Array.from(values, BigInt);
  return Buffer.from(array.buffer);
};

const infer: Ask = ({ clients }, question) => {
  const { model: modelName, name, datatype, values, timeoutMs = 0 } = question;
  const request = {
    modelName,
    inputs: [{ name, datatype, shape: [values.length] }],
    rawInputContents: [bytesOf(question)],
    parameters: { timeout: { int64Param: String(timeoutMs * 1000) } },
  };
  return outcomeAfter(
    unary((done) => clients.inference.ModelInfer(request, done)),
    () => ok,
  );
};

const predict: Ask = ({ clients }, question) => {
  const { model, timeoutMs = 0 } = question;
  const request = {
    model,
    features: toStruct(featuresOf(question)),
    parameters: toStruct({ timeout: timeoutMs * 1000 }),
  };
  return outcomeAfter(
    unary((done) => clients.prediction.Predict(request, done)),
    () => ok,
  );
};

const rest: Ask = ({ gateway }, question) => {
  const { model, timeoutMs } = question;
  return postPredict(gateway.http, {
    model,
    body: { features: featuresOf(question) },
    headers: timeoutMs === undefined ? {} : { 'sluice-timeout-ms': String(timeoutMs) },
    check: () => ok,
  });
};

/** The doors that answer once. */
export const askAt = { ModelInfer: infer, Predict: predict, REST: rest } as const;
export const doors = ['ModelInfer', 'Predict', 'REST'] as const;
