import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Received } from '@sluice/kernel/event-log/event-log';
import { predictionTimeMs } from '@sluice/kernel/records/prediction-time';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { ReceivedRecord, RecordStore } from '@sluice/kernel/records/record-store';
import type { Record__Output } from '@sluice/protos/gen/sluice/v1/Record';
import { placeOf } from '../spool-place.ts';
import type { RecorderMetrics } from '../telemetry/record-metrics.ts';
import type { RecordWork } from '../work-batch.ts';

export interface RecordWorkOptions {
  readonly codec: RecordCodecs['record'];
  readonly store: Pick<RecordStore, 'storePredictions'>;
  readonly metrics: RecorderMetrics;
}

const parse = (codec: RecordCodecs['record'], value: Buffer): Record__Output => {
  try {
    return codec.decode(value);
  } catch (error) {
    throw new SluiceError('MALFORMED_REQUEST', `expected a sluice.v1.Record: ${messageOf(error)}`);
  }
};

const decode = (codec: RecordCodecs['record'], message: Received): ReceivedRecord => {
  const { value } = message;
  if (value === null)
    throw new SluiceError('MALFORMED_REQUEST', 'expected a sluice.v1.Record, got a tombstone');
  const record = parse(codec, value);
  // Other bytes too may be read as protobuf with nothing in it; what has no such id can be found by nobody.
  if (predictionTimeMs(record.predictionId) === undefined)
    throw new SluiceError('INVALID_INPUT', `prediction_id: expected a UUIDv7, got '${record.predictionId}'`);
  return { record, bytes: value, place: placeOf(message) };
};

/** Messages of `sluice.predictions.v1` to rows. */
export const recordWork = ({ codec, store, metrics }: RecordWorkOptions): RecordWork<ReceivedRecord> => ({
  decode: (message) => decode(codec, message),
  store: async (batch) => metrics.stored(batch.length, await store.storePredictions(batch)),
  attributesOf: ({ record }) => ({
    'sluice.prediction_id': record.predictionId,
    'sluice.model': record.model,
  }),
});
