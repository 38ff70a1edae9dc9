import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import type { EventCodec, ReadEvent, ReadResult } from '../event-codec.ts';
import { faultOf } from './check-values.ts';
import { compileEntity, textOfKey } from './entity.ts';
import { traceOf } from './event-headers.ts';
import { createEventIds } from './event-id.ts';
import type { EventTypes } from './event-types.ts';
import { compileMapping } from './pointer.ts';
import type { Read } from './read-json.ts';
import type { Said } from './read-protobuf.ts';
import { valueReader } from './read-value.ts';
import { createFilter } from './stream-filter.ts';

export interface EventCodecOptions {
  readonly stream: Stream;
  /** Of the event log: prediction ids are made of it, too. */
  readonly logId: string;
  readonly types: EventTypes;
}

type Picked = Pick<ReadEvent, 'features' | 'passed'>;

/** Features and what is passed on, of an event. */
const createPicker = ({ features, pass }: Stream): ((said: Said) => Read<Picked>) => {
  const featuresOf = features && compileMapping(features);
  const passedOf = compileMapping(pass);
  return ({ event, parameters = {} }) => {
    const picked = { features: featuresOf?.(event) ?? event, passed: passedOf(event) };
    const error =
      faultOf('features', picked.features) ??
      faultOf('passed', picked.passed) ??
      faultOf('parameters', parameters);
    return error === undefined ? { value: picked } : { error };
  };
};

const unreadable = ({ error }: { readonly error: SluiceError }): ReadResult => ({
  kind: 'unreadable',
  error,
});

/**
 * What an event of a source topic is for a stream. The filter comes first: of an event that is not to be scored nothing
 * else is asked.
 * @throws SluiceError INVALID_INPUT for a filter that cannot be compiled
 */
export const createReader = ({ stream, logId, types }: EventCodecOptions): EventCodec['read'] => {
  const readValue = valueReader(stream, types);
  const filter = createFilter(stream);
  const entityOf = stream.key === undefined ? undefined : compileEntity(stream.key);
  const pick = createPicker(stream);
  const idOf = createEventIds({ logId, stream: stream.name });
  return (received) => {
    const said = readValue(received.value);
    if ('error' in said) return unreadable(said);
    const { event, entityId, requestId, parameters } = said.value;
    const wanted = filter?.(event, received);
    if (wanted !== undefined && 'error' in wanted) return unreadable(wanted);
    if (wanted?.value === false) return { kind: 'filtered' };
    const entity = entityOf?.(event) ?? { value: entityId || textOfKey(received.key) };
    if ('error' in entity) return unreadable(entity);
    const picked = pick(said.value);
    if ('error' in picked) return unreadable(picked);
    return {
      kind: 'event',
      received,
      predictionId: idOf(received, received.timestampMs),
      entityId: entity.value,
      requestId,
      ...picked.value,
      parameters,
      trace: traceOf(received.headers),
    };
  };
};
