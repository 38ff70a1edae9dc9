import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import { loaderOptions } from '@sluice/protos/loader-options';
import protojson from 'protobufjs/ext/protojson.js';
import { messageOf } from '../errors/message-of.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { loadTypes } from '../protobuf/load-types.ts';

export type FeedbackFromJson = (text: string) => Feedback__Output;

/**
 * Reads feedback in the JSON form of proto3, as a pipeline writes it; lowerCamelCase and the names of the .proto file are
 * both accepted. Call it once, in compose; what it gives throws SluiceError MALFORMED_REQUEST naming the field.
 */
export const loadFeedbackJson = (): FeedbackFromJson => {
  const type = loadTypes(['sluice/v1/feedback.proto'])('sluice.v1.Feedback');
  return (text) => {
    try {
      return type.toObject(protojson.fromJson(type, JSON.parse(text)), loaderOptions) as Feedback__Output;
    } catch (error) {
      const message = messageOf(error).replaceAll(/\.?(sluice\.v1|google\.protobuf)\./g, '');
      throw new SluiceError('MALFORMED_REQUEST', `expected a sluice.v1.Feedback as JSON: ${message}`);
    }
  };
};
