import type { Violation } from '../../errors/sluice-error.ts';
import { derivedOf, type Feature } from '../../release/manifest-features.ts';
import { orElse } from '../../release/nearest.ts';
import type { Stream } from '../stream-settings.ts';

/** What a stream scores with. */
interface Scores {
  readonly model: string;
  readonly version: string;
  readonly features: readonly Feature[];
}

const mappedFault = (name: string, { model, version, features }: Scores): string | undefined => {
  const feature = features.find((each) => each.name === name);
  if (feature !== undefined)
    return derivedOf(feature) === undefined ? undefined : `${model} ${version} computes it of other features`;
  const given = features.filter((each) => derivedOf(each) === undefined).map((each) => each.name);
  return `${model} ${version} has no such feature${orElse(name, given)}`;
};

/** What a stream's mapping names that its release does not have, or leaves out although it is required. */
export const mappingFaults = (stream: Stream, path: string, scores: Scores): Violation[] => {
  const { model, version, features } = scores;
  const mapping = stream.features;
  // Of a release that knows only tensors nothing can be said, nor of events that are not here yet.
  if (typeof mapping === 'string' || features.length === 0) return [];
  const wrong = Object.keys(mapping).flatMap((name) => {
    const message = mappedFault(name, scores);
    return message === undefined ? [] : [{ path: `${path}.features.${name}`, rule: 'unknown', message }];
  });
  const missing = features
    .filter((each) => each.required && derivedOf(each) === undefined && !Object.hasOwn(mapping, each.name))
    .map(({ name }) => name);
  if (missing.length === 0) return wrong;
  const message = `${model} ${version} requires ${missing.join(', ')}, which no field is mapped to`;
  return [...wrong, { path: `${path}.features`, rule: 'required', message }];
};
