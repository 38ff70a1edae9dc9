import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import { getRelease, getSignature, listModels } from '../../predict/describe-models.ts';
import type { DoorOptions } from '../../predict/door.ts';
import { type HttpAnswer, jsonAnswer } from '../http/http-answer.ts';
import type { HttpRequest, Route } from '../http/route.ts';
import { answerPredict } from './answer-predict.ts';
import { operations } from './operations.ts';
import { toProtoJson } from './proto-json.ts';
import { recordRoutes } from './record-routes.ts';
import { streamRoutes } from './stream-routes.ts';

const model = '/v1/models/{model}';
const release = `${model}/versions/{version}`;

const get = (path: string, operation: Route['operation'], answer: Route['answer']): Route => ({
  method: 'GET',
  path,
  operation,
  answer,
});

/** sluice.v1 over REST: the same messages in the proto3 JSON mapping. */
export const sluiceRoutes = (
  {
    handle,
    models,
    predictions,
    streams,
  }: Pick<DoorOptions, 'handle' | 'models' | 'predictions' | 'streams'>,
  types: MessageTypes,
): Route[] => {
  const write = (type: string, message: object): HttpAnswer =>
    jsonAnswer(toProtoJson(types(`sluice.v1.${type}`), message));
  const predict = (path: string, operation: Route['operation']): Route => ({
    method: 'POST',
    path,
    operation,
    answer: (request) => answerPredict(handle, types, request),
  });
  const signature = async ({ path }: HttpRequest): Promise<HttpAnswer> =>
    write('GetSignatureResponse', await getSignature(models, path['model'] ?? '', path['version'] ?? ''));
  const releaseOf = async ({ path }: HttpRequest): Promise<HttpAnswer> =>
    write('GetReleaseResponse', {
      release: await getRelease(models, path['model'] ?? '', path['version'] ?? ''),
    });
  return [
    predict(`${model}:predict`, operations.predict),
    predict(`${release}:predict`, operations.predictVersion),
    predict('/v1/predict', operations.predictInBody),
    ...recordRoutes(predictions, types),
    ...streamRoutes(streams, types),
    get('/v1/models', operations.listModels, () =>
      write('ListModelsResponse', { models: listModels(models) }),
    ),
    get(model, operations.getModel, releaseOf),
    get(release, operations.getRelease, releaseOf),
    get(`${model}/signature`, operations.getSignature, signature),
    get(`${release}/signature`, operations.getReleaseSignature, signature),
  ];
};
