import type { ModelInferResponse } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { Tensor } from '../tensor/tensor.ts';

export interface InferResponse {
  readonly model: string;
  readonly version: string;
  readonly id: string;
  readonly outputs: readonly Tensor[];
  /** Response parameters, such as sluice_prediction_id. */
  readonly parameters: Readonly<Record<string, string>>;
}

/** The gRPC message; outputs are always raw. */
export const encodeResponse = ({
  model,
  version,
  id,
  outputs,
  parameters,
}: InferResponse): ModelInferResponse => ({
  modelName: model,
  modelVersion: version,
  id,
  parameters: Object.fromEntries(
    Object.entries(parameters).map(([name, stringParam]) => [name, { stringParam }]),
  ),
  outputs: outputs.map(({ name, datatype, shape }) => ({ name, datatype, shape: [...shape] })),
  rawOutputContents: outputs.map(({ data }) => data as Buffer),
});
