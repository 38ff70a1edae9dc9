import { readFileSync } from 'node:fs';
import type { ModelInferRequest } from '@sluice/protos/gen/inference/ModelInferRequest';
import { type Clients, unary } from './clients.ts';
import { repository } from './process.ts';

/** Questions to the example release `churn` 1.0.0: 19 numbers in one tensor. */
const churn = { name: 'churn', version: '1.0.0', columns: 19 } as const;

/** One row of zeros. */
export const inferRequest = (): ModelInferRequest => ({
  modelName: churn.name,
  modelVersion: churn.version,
  inputs: [{ name: 'features', datatype: 'FP32', shape: [1, churn.columns] }],
  rawInputContents: [Buffer.alloc(churn.columns * 4)],
});

/** The features of the first golden case. */
export const features = (): Record<string, number | string | boolean | null> => {
  const path = `${repository}models/store/${churn.name}/${churn.version}/golden.jsonl`;
  const [line = '{}'] = readFileSync(path, 'utf8').split('\n');
  return (JSON.parse(line) as { features: Record<string, number | string | boolean | null> }).features;
};

export const inferOnce =
  ({ inference }: Clients, request = inferRequest()): (() => Promise<unknown>) =>
  () =>
    unary((done) => inference.ModelInfer(request, done));
