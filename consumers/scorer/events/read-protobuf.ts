import { messageOf } from '@sluice/kernel/errors/message-of';
import { invalidInput, type SluiceError } from '@sluice/kernel/errors/sluice-error';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import type { EventTypes } from './event-types.ts';
import { malformed, type Read } from './read-json.ts';

/** What an event says, by whichever format. */
export interface Said {
  /** Into which pointers and filters look. */
  readonly event: Features;
  /** Empty: it does not say. */
  readonly entityId: string;
  /** Empty: none. */
  readonly requestId: string;
  readonly parameters: Features | undefined;
}

type Scoring = Pick<Stream, 'name' | 'model' | 'version'>;

/** An event may repeat what the stream says of the release, and nothing else. */
const contradiction = (
  { name, ...stream }: Scoring,
  request: PredictRequest__Output,
): SluiceError | undefined => {
  for (const path of ['model', 'version'] as const)
    if (request[path] !== '' && request[path] !== stream[path]) {
      const expected = stream[path] === '' ? 'none' : `'${stream[path]}'`;
      const message = `expected ${expected}, as stream ${name} says, or nothing, got '${request[path]}'`;
      return invalidInput([{ path, rule: 'enum', message }]);
    }
  return undefined;
};

/** The value of an event as a sluice.v1.PredictRequest; its features are the event. */
export const createProtobufReader =
  (stream: Scoring, { decodeRequest }: EventTypes) =>
  (value: Buffer): Read<Said> => {
    let request: PredictRequest__Output;
    try {
      request = decodeRequest(value);
    } catch (error) {
      return malformed(`the value is not a sluice.v1.PredictRequest: ${messageOf(error)}`);
    }
    const error = contradiction(stream, request);
    if (error !== undefined) return { error };
    const { features, parameters, entityId, requestId } = request;
    return {
      value: {
        event: fromStruct(features),
        entityId,
        requestId,
        parameters: parameters === null ? undefined : fromStruct(parameters),
      },
    };
  };
