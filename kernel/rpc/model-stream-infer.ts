import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import type { ModelInferRequest__Output } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelStreamInferResponse } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import { fromUnknown } from '../errors/from-unknown.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { decodeRequest } from '../oip/decode-request.ts';
import { encodeResponse } from '../oip/encode-response.ts';
import type { InferenceBackend } from '../oip/inference-backend.ts';
import { closeScope } from '../telemetry/call-scope.ts';
import { answerStream } from './answer-stream.ts';
import { scopeOf } from './grpc-scope.ts';
import { logCause, type RpcEnvironment } from './unary.ts';

export interface StreamEnvironment extends RpcEnvironment {
  /** Items of one stream that are read and not yet answered. */
  readonly maxInFlightPerStream: number;
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
}

type Call = ServerDuplexStream<ModelInferRequest__Output, ModelStreamInferResponse>;

const method = 'inference.GRPCInferenceService/ModelStreamInfer';

/** Triton's switch: an item's error ends the stream with its status. */
const wantsStatus = (metadata: Metadata): boolean => metadata.get('triton_grpc_error')[0] === 'true';

export const stoppedError = (): SluiceError =>
  new SluiceError('DRAINING', 'the server is stopping; open the stream again', { retryAfterMs: 1_000 });

const answerItem = async (
  backend: InferenceBackend,
  environment: StreamEnvironment,
  call: Call,
  aborts: Set<AbortController>,
  message: ModelInferRequest__Output,
) => {
  const scope = scopeOf(environment.tracer, call, method, 'grpc-stream');
  aborts.add(scope.abort);
  try {
    const inferResponse = encodeResponse(await backend.infer(decodeRequest(message), scope));
    closeScope(scope);
    return { inferResponse };
  } catch (thrown) {
    const error = fromUnknown(thrown);
    logCause(environment.log, error, scope);
    closeScope(scope, error);
    if (wantsStatus(call.metadata)) throw environment.toServiceError(error);
    return {
      errorMessage: `${error.code}: ${error.message}`,
      inferResponse: { id: message.id, modelName: message.modelName },
    };
  } finally {
    aborts.delete(scope.abort);
  }
};

/** Answers in request order; a bad item is answered in `error_message` and the stream stays open. */
export const modelStreamInfer = (backend: InferenceBackend, environment: StreamEnvironment) => {
  return (call: Call): void => {
    const aborts = new Set<AbortController>();
    call.once('cancelled', () => {
      for (const abort of aborts) abort.abort(new SluiceError('CANCELLED', 'the caller went away'));
    });
    answerStream(call, {
      answer: (message) => answerItem(backend, environment, call, aborts, message),
      order: 'request',
      maxInFlight: environment.maxInFlightPerStream,
      draining: environment.draining,
      stopped: () => environment.toServiceError(stoppedError()),
    });
  };
};
