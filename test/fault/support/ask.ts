import { toStruct } from '@sluice/kernel/features/struct';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { PredictRequest } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { type Clients, unary } from '../../support/clients.ts';
import { type Outcome, ok, outcomeAfter, wrongAnswer } from './outcome.ts';

/** A question to `echo` (models.ts) whose answer is its id, up to 2^24. */
export const predictRequest = (id: number): PredictRequest => ({
  model: 'echo',
  requestId: String(id),
  features: toStruct({ x0: [id] }),
});

export const inferRequest = (id: number): ModelInferRequest => ({
  modelName: 'echo',
  id: String(id),
  inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 1] }],
  rawInputContents: [Buffer.from(Float32Array.of(id).buffer)],
});

/** Whether an answer belongs to the question. */
export const compare = (id: number, requestId: string, value: unknown): Outcome =>
  requestId === String(id) && value === id ? ok : wrongAnswer(id, `${value} for request ${requestId}`);

export const checkPredict = (id: number, { requestId, prediction }: PredictResponse__Output): Outcome =>
  compare(id, requestId, prediction?.outputs?.fields?.['y0']?.numberValue);

export const checkInfer = (
  id: number,
  { id: requestId, rawOutputContents }: ModelInferResponse__Output,
): Outcome => compare(id, requestId, rawOutputContents[0]?.readFloatLE());

export const askPredict = ({ prediction }: Clients, id = 1): Promise<Outcome> =>
  outcomeAfter(
    unary<PredictResponse__Output>((done) => prediction.Predict(predictRequest(id), done)),
    (answer) => checkPredict(id, answer),
  );

export const askInfer = ({ inference }: Clients, id = 1): Promise<Outcome> =>
  outcomeAfter(
    unary<ModelInferResponse__Output>((done) => inference.ModelInfer(inferRequest(id), done)),
    (answer) => checkInfer(id, answer),
  );
