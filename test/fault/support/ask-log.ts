import { toStruct } from '@sluice/kernel/features/struct';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { unary } from '../../support/clients.ts';
import type { Cluster } from './cluster.ts';

const post = async ({ gateway }: Cluster, path: string, body: unknown): Promise<unknown> => {
  const response = await fetch(`${gateway.http}${path}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  return response.json();
};

/** What each door answers for the logarithm (`log`, models.ts) of a number: in bytes, in a Struct, in JSON. */
export const askLog = {
  ModelInfer: async ({ clients }: Cluster, x: number): Promise<unknown> => {
    const request = {
      modelName: 'log',
      inputs: [{ name: 'x', datatype: 'FP32', shape: [1] }],
      rawInputContents: [Buffer.from(Float32Array.of(x).buffer)],
    };
    const { rawOutputContents } = await unary<ModelInferResponse__Output>((done) =>
      clients.inference.ModelInfer(request, done),
    );
    return rawOutputContents[0]?.readFloatLE();
  },
  Predict: async ({ clients }: Cluster, x: number): Promise<unknown> => {
    const request = { model: 'log', features: toStruct({ x }) };
    const { prediction } = await unary<PredictResponse__Output>((done) =>
      clients.prediction.Predict(request, done),
    );
    const value = prediction?.outputs?.fields?.['y'];
    return value?.numberValue ?? value?.stringValue;
  },
  '/v1': async (cluster: Cluster, x: number): Promise<unknown> => {
    const answer = await post(cluster, '/v1/models/log:predict', { features: { x } });
    return (answer as { prediction: { outputs: { y: unknown } } }).prediction.outputs.y;
  },
  '/v2': async (cluster: Cluster, x: number): Promise<unknown> => {
    const inputs = [{ name: 'x', datatype: 'FP32', shape: [1], data: [x] }];
    const answer = await post(cluster, '/v2/models/log/infer', { inputs });
    return (answer as { outputs: { data: unknown[] }[] }).outputs[0]?.data[0];
  },
};
