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

const reading = (
  id: string,
  summary: string,
  schema: JsonSchema,
  tag: Operation['tag'] = 'models',
): Operation => ({
  id,
  tag,
  summary,
  answers: { type: json, schema },
});

const releaseSchema = schemaRef('sluice.v1.GetReleaseResponse');
const signatureSchema = schemaRef('sluice.v1.GetSignatureResponse');

const telling = (id: string, summary: string, shown: object): Operation => ({
  id,
  tag: 'predictions',
  summary,
  body: { ...body, schema: schemaRef('sluice.v1.Feedback'), example: shown },
  answers: { type: json, schema: schemaRef('sluice.v1.SendFeedbackResponse') },
});

const known = schemaRef('sluice.v1.GetPredictionResponse');
const listed = schemaRef('sluice.v1.ListPredictionsResponse');

export const operations = {
  predict: predicting('predict', 'Predict with the release that answers when no version is given', example),
  predictVersion: predicting('predictVersion', 'Predict with an exact version', example),
  predictInBody: predicting('predictInBody', 'Predict, with model and version in the body', {
    model: 'churn',
    version: '1.1.0',
    ...example,
  }),
  getPrediction: reading(
    'getPrediction',
    'The record of one prediction, and what became known about it',
    known,
    'predictions',
  ),
  listPredictions: {
    ...reading('listPredictions', 'Records, the latest first', listed, 'predictions'),
    query: 'sluice.v1.ListPredictionsRequest',
  },
  sendPredictionFeedback: telling('sendPredictionFeedback', 'Say what became known about a prediction', {
    label: 'no',
    author: 'ada@lab',
  }),
  sendFeedback: telling('sendFeedback', 'The same, about the latest prediction for an entity', {
    entityId: 'customer-7',
    model: 'churn',
    label: 'yes',
  }),
  listStreams: reading(
    'listStreams',
    'The streams of the revision, and how they stand',
    schemaRef('sluice.v1.ListStreamsResponse'),
    'streams',
  ),
  getStream: reading(
    'getStream',
    'One stream, and how it stands',
    schemaRef('sluice.v1.GetStreamResponse'),
    'streams',
  ),
  listModels: reading('listModels', 'Models with their releases', schemaRef('sluice.v1.ListModelsResponse')),
  getModel: reading('getModel', 'The release that answers when no version is given', releaseSchema),
  getRelease: reading('getRelease', 'One release', releaseSchema),
  getSignature: reading('getSignature', 'Tensors and features of the default release', signatureSchema),
  getReleaseSignature: reading('getReleaseSignature', 'Tensors and features of one release', signatureSchema),
} as const satisfies Record<string, Operation>;
