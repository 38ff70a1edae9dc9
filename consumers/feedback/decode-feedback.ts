import { createHash } from 'node:crypto';
import { messageOf } from '@sluice/kernel/errors/message-of';
import { invalidInput, SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { checkFeedback } from '@sluice/kernel/records/check-feedback';
import type { FeedbackFromJson } from '@sluice/kernel/records/feedback-json';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { ReceivedFeedback } from '@sluice/kernel/records/record-store';
import type { Feedback__Output } from '@sluice/protos/gen/sluice/v1/Feedback';
import { headerOf, placeOf } from '../spool-place.ts';

export interface DecodeFeedback {
  readonly codec: RecordCodecs['feedback'];
  readonly fromJson: FeedbackFromJson;
}

/** The layout of a UUIDv8 (RFC 9562 §5.8), the same each time that the message is read. */
export const feedbackIdOf = ({ topic, partition, offset }: Received): string => {
  const digest = createHash('sha256').update(`${topic}/${partition}/${offset}`).digest('hex');
  const variant = (Number.parseInt(digest.slice(16, 17), 16) & 0x3) | 0x8;
  return [
    digest.slice(0, 8),
    digest.slice(8, 12),
    `8${digest.slice(13, 16)}`,
    `${variant.toString(16)}${digest.slice(17, 20)}`,
    digest.slice(20, 32),
  ].join('-');
};

/** Media types may have parameters: `application/json; charset=utf-8`. */
const contentTypeOf = (message: Received): string =>
  (headerOf(message, 'content-type') ?? '').split(';', 1)[0]?.trim().toLowerCase() ?? '';

const read = ({ codec, fromJson }: DecodeFeedback, message: Received, value: Buffer): Feedback__Output => {
  const type = contentTypeOf(message);
  if (type === 'application/json') return fromJson(value.toString('utf8'));
  if (type !== '' && type !== 'application/protobuf')
    throw new SluiceError(
      'UNSUPPORTED_ENCODING',
      `content-type: expected application/protobuf or application/json, got '${type}'`,
    );
  try {
    return codec.decode(value);
  } catch (error) {
    throw new SluiceError('MALFORMED_REQUEST', `expected a sluice.v1.Feedback: ${messageOf(error)}`);
  }
};

/**
 * The feedback of a message, with all that a gateway would have filled in.
 * @throws SluiceError MALFORMED_REQUEST, UNSUPPORTED_ENCODING; INVALID_INPUT with every fault
 */
export const decodeFeedback =
  (options: DecodeFeedback) =>
  (message: Received): ReceivedFeedback => {
    const { value } = message;
    if (value === null)
      throw new SluiceError('MALFORMED_REQUEST', 'expected a sluice.v1.Feedback, got a tombstone');
    const given = read(options, message, value);
    const faults = checkFeedback(given, Date.now());
    if (faults.length > 0) throw invalidInput(faults);
    const place = placeOf(message);
    // Only a gateway says when it received something; what a pipeline writes is received when it is written.
    const received =
      place !== undefined && given.received !== ''
        ? given.received
        : new Date(message.timestampMs).toISOString();
    const predictionId = given.predictionId.toLowerCase();
    const feedbackId = given.feedbackId === '' ? feedbackIdOf(message) : given.feedbackId.toLowerCase();
    return {
      feedback: { ...given, feedbackId, predictionId, received, time: given.time || received },
      place,
    };
  };
