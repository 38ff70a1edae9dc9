import type { InferParameter } from '@sluice/protos/gen/inference/InferParameter';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { Tensor } from '../tensor/tensor.ts';

/** An inference request to another server. */
export interface OutgoingRequest {
  readonly model: string;
  /** Empty: the other server's default. */
  readonly version: string;
  readonly id: string;
  readonly inputs: readonly Tensor[];
  /** Names of the wanted outputs; empty: those that the other server answers when none is named. */
  readonly outputs: readonly string[];
  /** Lower is more urgent; 0: the default, and not sent. */
  readonly priority: number;
}

const parametersOf = (priority: number): Record<string, InferParameter> =>
  priority === 0 ? {} : { priority: { uint64Param: priority } };

/** The gRPC message; inputs are always raw. */
export const encodeRequest = (request: OutgoingRequest): ModelInferRequest => ({
  modelName: request.model,
  modelVersion: request.version,
  id: request.id,
  parameters: parametersOf(request.priority),
  inputs: request.inputs.map(({ name, datatype, shape }) => ({ name, datatype, shape: [...shape] })),
  outputs: request.outputs.map((name) => ({ name })),
  rawInputContents: request.inputs.map(({ data }) => data as Buffer),
});
