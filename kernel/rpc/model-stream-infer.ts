import type { Metadata, ServerDuplexStream } from '@grpc/grpc-js';
import type { ModelInferRequest__Output } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelStreamInferResponse } from '@sluice/protos/gen/inference/ModelStreamInferResponse';
import { decodeRequest } from '../oip/decode-request.ts';
import { encodeResponse } from '../oip/encode-response.ts';
import type { InferenceBackend } from '../oip/inference-backend.ts';
import { type StreamEnvironment, serveItems } from './serve-items.ts';

type Call = ServerDuplexStream<ModelInferRequest__Output, ModelStreamInferResponse>;

/** Triton's switch: an item's error ends the stream with its status. */
const wantsStatus = (metadata: Metadata): boolean => metadata.get('triton_grpc_error')[0] === 'true';

/** Answers in request order; a bad item is answered in `error_message` and the stream stays open. */
export const modelStreamInfer = (backend: InferenceBackend, environment: StreamEnvironment) => {
  return (call: Call): void =>
    serveItems(environment, call, {
      method: 'inference.GRPCInferenceService/ModelStreamInfer',
      order: 'request',
      answer: async (message, scope) => ({
        inferResponse: encodeResponse(await backend.infer(decodeRequest(message), scope)),
      }),
      failed: (error, { id, modelName }) => {
        if (wantsStatus(call.metadata)) throw environment.toServiceError(error);
        return { errorMessage: `${error.reason}: ${error.message}`, inferResponse: { id, modelName } };
      },
    });
};
