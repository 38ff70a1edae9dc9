import { toStruct } from '@sluice/kernel/features/struct';
import { factsOf, isDatatype } from '@sluice/kernel/tensor/datatypes';
import type { InferParameter } from '@sluice/protos/gen/inference/InferParameter';
import type { InferTensorContents } from '@sluice/protos/gen/inference/InferTensorContents';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { PredictRequest } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { FeatureRequest, InputSpec, TensorRequest } from './row.ts';

/** Domain requests as gRPC messages. */

const parameterOf = (value: number | string | boolean): InferParameter => {
  if (typeof value === 'number') return { int64Param: value };
  return typeof value === 'string' ? { stringParam: value } : { boolParam: value };
};

const contentsOf = ({ datatype, values, field }: InputSpec): InferTensorContents | null => {
  if (values === undefined) return null;
  const own = isDatatype(datatype) ? factsOf(datatype).contents : undefined;
  const chosen = field ?? own ?? 'fp32Contents';
  return { [chosen]: chosen === 'bytesContents' ? values.map((text) => Buffer.from(String(text))) : values };
};

export const wireInfer = (
  { model, version = '', inputs, outputs = [], parameters = {} }: TensorRequest,
  id: string,
): ModelInferRequest => ({
  modelName: model,
  modelVersion: version,
  id,
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([name, value]) => [name, parameterOf(value)]),
  ),
  inputs: inputs.map((input) => ({
    name: input.name,
    datatype: input.datatype,
    shape: [...input.shape],
    contents: contentsOf(input),
  })),
  outputs: outputs.map((name) => ({ name })),
  rawInputContents: inputs.flatMap(({ raw }) => (raw === undefined ? [] : [Buffer.from(raw)])),
});

export const wirePredict = (
  { model, version = '', features, parameters = {} }: FeatureRequest,
  requestId: string,
): PredictRequest => ({
  model,
  version,
  requestId,
  features: toStruct(features),
  parameters: toStruct(parameters),
});
