import type { ServerDuplexStream } from '@grpc/grpc-js';
import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { answerStream } from '@sluice/kernel/rpc/answer-stream';
import { scopeOf } from '@sluice/kernel/rpc/grpc-scope';
import { type StreamEnvironment, stoppedError } from '@sluice/kernel/rpc/model-stream-infer';
import { logCause, unary } from '@sluice/kernel/rpc/unary';
import { closeScope } from '@sluice/kernel/telemetry/call-scope';
import type { PredictionServiceHandlers } from '@sluice/protos/gen/sluice/v1/PredictionService';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { PredictResponse } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { PredictStreamRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamRequest';
import type { PredictStreamResponse } from '@sluice/protos/gen/sluice/v1/PredictStreamResponse';
import type { Answer, Call } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import { decodePredict } from '../predict/decode-predict.ts';
import { encodeAnswer, encodeError } from '../predict/encode-answer.ts';

type Stream = ServerDuplexStream<PredictStreamRequest__Output, PredictStreamResponse>;

const service = 'sluice.v1.PredictionService';

const answerItem = async (
  handle: Handler<Call, Answer>,
  environment: StreamEnvironment,
  call: Stream,
  aborts: Set<AbortController>,
  { predict }: PredictStreamRequest__Output,
): Promise<PredictStreamResponse> => {
  const scope = scopeOf(environment.tracer, call, `${service}/PredictStream`, 'grpc-stream');
  aborts.add(scope.abort);
  try {
    if (predict === null) throw new SluiceError('MALFORMED_REQUEST', 'predict is missing');
    const response = encodeAnswer(await handle(decodePredict(predict, scope)), predict.requestId);
    closeScope(scope);
    return { response };
  } catch (thrown) {
    const error = fromUnknown(thrown);
    logCause(environment.log, error, scope);
    closeScope(scope, error);
    return { error: encodeError(error, predict?.requestId ?? '') };
  } finally {
    aborts.delete(scope.abort);
  }
};

const serveStream = (handle: Handler<Call, Answer>, environment: StreamEnvironment, call: Stream): void => {
  const aborts = new Set<AbortController>();
  call.once('cancelled', () => {
    for (const abort of aborts) abort.abort(new SluiceError('CANCELLED', 'the caller went away'));
  });
  answerStream(call, {
    answer: (item) => answerItem(handle, environment, call, aborts, item),
    order: 'completion',
    maxInFlight: environment.maxInFlightPerStream,
    draining: environment.draining,
    stopped: () => environment.toServiceError(stoppedError()),
  });
};

/** Predictions with named features, one by one or as a stream that is answered in any order. */
export const predictionService = (
  handle: Handler<Call, Answer>,
  environment: StreamEnvironment,
): PredictionServiceHandlers => ({
  Predict: unary<PredictRequest__Output, PredictResponse>(
    environment,
    `${service}/Predict`,
    async (request, scope) => encodeAnswer(await handle(decodePredict(request, scope)), request.requestId),
  ),
  PredictStream: (call) => serveStream(handle, environment, call),
});
