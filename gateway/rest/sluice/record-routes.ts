import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { ListPredictionsRequest__Output } from '@sluice/protos/gen/sluice/v1/ListPredictionsRequest';
import type { Predictions } from '../../records/predictions.ts';
import { parseJson } from '../http/body.ts';
import { type HttpAnswer, jsonAnswer } from '../http/http-answer.ts';
import type { HttpRequest, Route } from '../http/route.ts';
import { operations } from './operations.ts';
import { fromProtoJson, toProtoJson } from './proto-json.ts';
import { queryMessage } from './query-message.ts';

const prediction = '/v1/predictions/{prediction_id}';

/** The feedback of a body, about the prediction of the path where there is one. @throws SluiceError MALFORMED_REQUEST */
const feedbackOf = (types: MessageTypes, { path, body }: HttpRequest): Feedback__Output => {
  const given = fromProtoJson<Feedback__Output>(types('sluice.v1.Feedback'), parseJson(body));
  const predictionId = path['prediction_id'] ?? given.predictionId;
  if (given.predictionId !== '' && given.predictionId !== predictionId)
    throw new SluiceError(
      'MALFORMED_REQUEST',
      `prediction_id is '${predictionId}' in the path and '${given.predictionId}' in the body`,
    );
  return { ...given, predictionId };
};

/** What sluice.v1 answers over REST about requests that were answered before. */
export const recordRoutes = ({ get, list, sendFeedback }: Predictions, types: MessageTypes): Route[] => {
  const write = (type: string, message: object): HttpAnswer =>
    jsonAnswer(toProtoJson(types(`sluice.v1.${type}`), message));
  const send: Route['answer'] = async (request) =>
    write('SendFeedbackResponse', await sendFeedback(feedbackOf(types, request), request.scope));
  return [
    {
      method: 'GET',
      path: '/v1/predictions',
      operation: operations.listPredictions,
      answer: async ({ query, scope }) => {
        const type = types('sluice.v1.ListPredictionsRequest');
        const request = queryMessage<ListPredictionsRequest__Output>(type, query);
        return write('ListPredictionsResponse', await list(request, scope));
      },
    },
    {
      method: 'GET',
      path: prediction,
      operation: operations.getPrediction,
      answer: async ({ path, scope }) =>
        write('GetPredictionResponse', await get(path['prediction_id'] ?? '', scope)),
    },
    {
      method: 'POST',
      path: `${prediction}/feedback`,
      operation: operations.sendPredictionFeedback,
      answer: send,
    },
    { method: 'POST', path: '/v1/feedback', operation: operations.sendFeedback, answer: send },
  ];
};
