import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { MessageTypes } from '@sluice/kernel/protobuf/load-types';
import { sameVersion } from '@sluice/kernel/release/version';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { Answer, Call } from '../../core/call.ts';
import type { Handler } from '../../core/layers.ts';
import { decodePredict } from '../../predict/decode-predict.ts';
import { encodeAnswer } from '../../predict/encode-answer.ts';
import { parseJson } from '../http/body.ts';
import { type HttpAnswer, jsonAnswer } from '../http/http-answer.ts';
import type { HttpRequest } from '../http/route.ts';
import { warningHeader } from '../http/warning-header.ts';
import { fromProtoJson, toProtoJson } from './proto-json.ts';

/** The path's word, else the body's. @throws SluiceError MALFORMED_REQUEST when they contradict each other */
const agreed = (
  what: string,
  ofPath: string,
  ofBody: string,
  same: (a: string, b: string) => boolean,
): string => {
  if (ofPath === '') return ofBody;
  if (ofBody === '' || same(ofPath, ofBody)) return ofPath;
  throw new SluiceError(
    'MALFORMED_REQUEST',
    `${what} is '${ofPath}' in the path and '${ofBody}' in the body`,
  );
};

const equal = (a: string, b: string): boolean => a === b;

/** Answers one prediction with named features, as PredictionService/Predict does. */
export const answerPredict = async (
  handle: Handler<Call, Answer>,
  types: MessageTypes,
  { scope, path, body }: HttpRequest,
): Promise<HttpAnswer> => {
  const given = fromProtoJson<PredictRequest__Output>(types('sluice.v1.PredictRequest'), parseJson(body));
  const request = {
    ...given,
    model: agreed('model', path['model'] ?? '', given.model, equal),
    version: agreed('version', path['version'] ?? '', given.version, sameVersion),
  };
  const call = decodePredict(request, scope);
  const answer = await handle(call);
  const message = encodeAnswer(answer, call);
  return jsonAnswer(toProtoJson(types('sluice.v1.PredictResponse'), message), {
    'sluice-prediction-id': answer.predictionId,
    ...warningHeader(answer.warnings),
  });
};
