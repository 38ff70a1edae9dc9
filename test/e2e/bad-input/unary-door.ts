import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { type Clients, unary } from '../../support/clients.ts';
import { refusalOf } from './grpc-refusal.ts';
import type { SendRequest } from './row.ts';
import { wireInfer, wirePredict } from './wire.ts';

/** ModelInfer and Predict. */
export const unaryDoor =
  ({ inference, prediction }: Clients): SendRequest =>
  async (request) => {
    try {
      if ('infer' in request) {
        const message = wireInfer(request.infer, 'one');
        const answer = await unary<ModelInferResponse__Output>((done) => inference.ModelInfer(message, done));
        return { answered: answer.outputs.map(({ name }) => name) };
      }
      const message = wirePredict(request.predict, 'one');
      const answer = await unary<PredictResponse__Output>((done) => prediction.Predict(message, done));
      return { answered: Object.keys(answer.prediction?.outputs?.fields ?? {}) };
    } catch (thrown) {
      return { refused: refusalOf(thrown) };
    }
  };
