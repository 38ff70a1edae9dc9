import { messageOf } from '@sluice/kernel/errors/message-of';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Received } from '@sluice/kernel/event-log/event-log';
import type { Features } from '@sluice/kernel/features/value';
import { compileFilter, type FilterValues } from '@sluice/kernel/revision/compile-filter';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import { textOfKey } from './entity.ts';
import { headerTexts } from './event-headers.ts';
import type { Read } from './read-json.ts';

/** Whether an event is to be scored. */
export type StreamFilter = (event: Features, received: Received) => Read<boolean>;

const invalid = (message: string): SluiceError => new SluiceError('INVALID_INPUT', message);

/**
 * The filter of a stream; undefined: it has none. Where an event leaves open whether it is to be scored (it lacks a field
 * that the filter reads without asking `has` first) that is an error, so that nothing is left out in silence.
 * @throws SluiceError INVALID_INPUT for a filter that cannot be compiled
 */
export const createFilter = ({ name, filter }: Stream): StreamFilter | undefined => {
  if (filter === undefined) return undefined;
  const compiled = compileFilter(filter);
  if ('error' in compiled) throw invalid(`streams.${name}.filter: ${compiled.error}`);
  const { accepts, reads } = compiled.value;
  const valuesOf = (event: Features, received: Received): Partial<FilterValues> => ({
    event,
    topic: received.topic,
    timestamp_ms: received.timestampMs,
    ...(reads.has('key') ? { key: textOfKey(received.key) } : {}),
    ...(reads.has('headers') ? { headers: headerTexts(received.headers) } : {}),
  });
  return (event, received) => {
    try {
      return { value: accepts(valuesOf(event, received)) };
    } catch (error) {
      return { error: invalid(`filter: ${messageOf(error)}`) };
    }
  };
};
