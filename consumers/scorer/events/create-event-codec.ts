import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { EventCodec } from '../event-codec.ts';
import type { EventTypes } from './event-types.ts';
import { createReader } from './read-event.ts';
import { createWriter } from './write-event.ts';

export interface EventCodecOptions {
  readonly stream: Stream;
  /** Of the event log: prediction ids are made of it, too. */
  readonly logId: string;
  readonly types: EventTypes;
}

/**
 * How a stream reads and writes. Pointers and filters look into the JSON object that is the event's value, or into the
 * features of the sluice.v1.PredictRequest that it is.
 * @throws SluiceError INVALID_INPUT for a filter that cannot be compiled
 */
export const createEventCodec = ({ stream, logId, types }: EventCodecOptions): EventCodec => ({
  read: createReader({ stream, logId, types }),
  write: createWriter(stream, types),
});
