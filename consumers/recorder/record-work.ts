import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Received } from '@sluice/kernel/event-log/event-log';
import type { RecordCodecs } from '@sluice/kernel/records/record-codec';
import type { ReceivedRecord, RecordStore } from '@sluice/kernel/records/record-store';
import { placeOf } from '../spool-place.ts';
import type { RecorderMetrics } from '../telemetry/record-metrics.ts';
import type { RecordWork } from '../work-batch.ts';

export interface RecordWorkOptions {
  readonly codec: RecordCodecs['record'];
  readonly store: Pick<RecordStore, 'storePredictions'>;
  readonly metrics: RecorderMetrics;
}

/** Anything may be read as protobuf with nothing in it; what has no such id can be found by nobody. */
const predictionId = /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/;

const decode = (codec: RecordCodecs['record'], message: Received): ReceivedRecord => {
  const { value } = message;
  if (value === null)
    throw new SluiceError('MALFORMED_REQUEST', 'expected a sluice.v1.Record, got a tombstone');
  const record = (() => {
    try {
      return codec.decode(value);
    } catch (error) {
      throw new SluiceError('MALFORMED_REQUEST', `expected a sluice.v1.Record: ${messageOf(error)}`);
    }
  })();
  if (!predictionId.test(record.predictionId))
    throw new SluiceError('INVALID_INPUT', `predictionId: expected a UUIDv7, got '${record.predictionId}'`);
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
