import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import { type Outcome, ok, outcomeAfter } from '../fault/support/outcome.ts';
import { type Clients, unary } from './clients.ts';

/** The version of an echo model (fault/support/models.ts) that answered, or how else it ended. */
export type Answered = Outcome & { readonly version?: string };

/** Asks an echo model, by version or for its default. */
export const askVersion = async (
  { inference }: Clients,
  modelName: string,
  modelVersion = '',
): Promise<Answered> => {
  const inputs = [{ name: 'x0', datatype: 'FP32', shape: [1, 1] }];
  const request = { modelName, modelVersion, inputs, rawInputContents: [Buffer.alloc(4)] };
  let version = '';
  const outcome = await outcomeAfter(
    unary<ModelInferResponse__Output>((done) => inference.ModelInfer(request, done)),
    (answer) => {
      version = answer.modelVersion;
      return ok;
    },
  );
  return version === '' ? outcome : { ...outcome, version };
};
