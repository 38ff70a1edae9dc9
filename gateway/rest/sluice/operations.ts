import { json } from '../http/media.ts';
import { type JsonSchema, type Operation, schemaRef } from '../openapi/operation.ts';

/** What the document says of the routes in routes.ts; schemas are made from the .proto files. */

const body = {
  accepts: [json],
  required: true,
  schema: schemaRef('sluice.v1.PredictRequest'),
} as const;

const example = { features: { tenure: 12, monthly_charges: 70.35, contract: 'Month-to-month' } };

const predicting = (id: string, summary: string, shown: object): Operation => ({
  id,
  tag: 'predictions',
  summary,
  body: { ...body, example: shown },
  answers: { type: json, schema: schemaRef('sluice.v1.PredictResponse') },
});

const reading = (id: string, summary: string, schema: JsonSchema): Operation => ({
  id,
  tag: 'models',
  summary,
  answers: { type: json, schema },
});

const releaseSchema = schemaRef('sluice.v1.GetReleaseResponse');
const signatureSchema = schemaRef('sluice.v1.GetSignatureResponse');

export const operations = {
  predict: predicting('predict', 'Predict with the release that answers when no version is given', example),
  predictVersion: predicting('predictVersion', 'Predict with an exact version', example),
  predictInBody: predicting('predictInBody', 'Predict, with model and version in the body', {
    model: 'churn',
    version: '1.1.0',
    ...example,
  }),
  listModels: reading('listModels', 'Models with their releases', schemaRef('sluice.v1.ListModelsResponse')),
  getModel: reading('getModel', 'The release that answers when no version is given', releaseSchema),
  getRelease: reading('getRelease', 'One release', releaseSchema),
  getSignature: reading('getSignature', 'Tensors and features of the default release', signatureSchema),
  getReleaseSignature: reading('getReleaseSignature', 'Tensors and features of one release', signatureSchema),
} as const satisfies Record<string, Operation>;
