import type { EventCodec } from '../event-codec.ts';
import { commonHeaders } from './encode-scored.ts';
import { createReader, type EventCodecOptions } from './read-event.ts';
import { createWriter } from './write-event.ts';

/**
 * How a stream reads and writes. Pointers and filters look into the JSON object that is the event's value, or into the
 * features of the sluice.v1.PredictRequest that it is.
 * @throws SluiceError INVALID_INPUT for a filter that cannot be compiled
 */
export const createEventCodec = (options: EventCodecOptions): EventCodec => ({
  headers: commonHeaders(options.stream),
  read: createReader(options),
  write: createWriter(options.stream, options.types),
});
