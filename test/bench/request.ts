import { readFileSync } from 'node:fs';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import { type Clients, unary } from '../support/clients.ts';
import { repository } from '../support/process.ts';

/** The model of the benchmark: 19 numbers in one tensor, 5 µs a row in ONNX Runtime. */
export const benchModel = { name: 'churn', version: '1.0.0', columns: 19 } as const;
export const benchModelFile = `${repository}models/store/churn/1.0.0/model.onnx`;

export const inferRequest = (rows = 1): ModelInferRequest => ({
  modelName: benchModel.name,
  modelVersion: benchModel.version,
  inputs: [{ name: 'features', datatype: 'FP32', shape: [rows, benchModel.columns] }],
  rawInputContents: [Buffer.alloc(rows * benchModel.columns * 4)],
});

/** The features of the first golden case. */
export const features = (): Record<string, number | string | boolean | null> => {
  const [line = '{}'] = readFileSync(`${repository}models/store/churn/1.0.0/golden.jsonl`, 'utf8').split(
    '\n',
  );
  return (JSON.parse(line) as { features: Record<string, number | string | boolean | null> }).features;
};

export const inferOnce = ({ inference }: Clients, request = inferRequest()): (() => Promise<unknown>) => {
  return () => unary((done) => inference.ModelInfer(request, done));
};
