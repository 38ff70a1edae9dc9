import { loadTypes } from '@sluice/kernel/protobuf/load-types';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { ScoredEvent } from '@sluice/protos/gen/sluice/v1/ScoredEvent';
import { loaderOptions } from '@sluice/protos/loader-options';

/** The protobuf messages of streams. */
export interface EventTypes {
  /** @throws Error for bytes that are none */
  readonly decodeRequest: (bytes: Uint8Array) => PredictRequest__Output;
  readonly encodeScored: (message: ScoredEvent) => Buffer;
}

/** Parses the .proto files. Call it once, in compose. */
export const loadEventTypes = (): EventTypes => {
  const types = loadTypes(['sluice/v1/prediction_service.proto', 'sluice/v1/scored_event.proto']);
  const request = types('sluice.v1.PredictRequest');
  const scored = types('sluice.v1.ScoredEvent');
  return {
    decodeRequest: (bytes) =>
      request.toObject(request.decode(bytes), loaderOptions) as PredictRequest__Output,
    // Plain objects as they are: kernel/records/record-codec.ts says why.
    encodeScored: (message) => scored.encode(message).finish() as Buffer,
  };
};
