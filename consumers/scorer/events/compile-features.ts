import { invalidInput } from '@sluice/kernel/errors/sluice-error';
import { type Features, type FeatureValue, shown } from '@sluice/kernel/features/value';
import type { Stream } from '@sluice/kernel/revision/stream-settings';
import { compileMapping, compilePointer } from './pointer.ts';
import type { Read } from './read-json.ts';

const isObject = (value: FeatureValue | undefined): value is Features =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** Where a stream finds the features of an event: in the event itself, in an object within it, or one by one. */
export const compileFeatures = (features: Stream['features']): ((event: Features) => Read<Features>) => {
  if (features === '') return (event) => ({ value: event });
  if (typeof features !== 'string') {
    const pick = compileMapping(features);
    return (event) => ({ value: pick(event) });
  }
  const get = compilePointer(features);
  return (event) => {
    const value = get(event);
    if (isObject(value)) return { value };
    const message = `expected an object at ${features}, got ${shown(value)}`;
    return { error: invalidInput([{ path: 'features', rule: 'type', message }]) };
  };
};
