import type { Violation } from '../../errors/sluice-error.ts';
import type { Feature } from '../../release/manifest-features.ts';
import { orElse } from '../../release/nearest.ts';
import { compileFilter } from '../compile-filter.ts';
import { type RevisionContent, settingsOf } from '../revision.ts';
import { type Stream, streamOf } from '../stream-settings.ts';
import { mappingFaults } from './stream-features.ts';
import { releaseOfStream } from './stream-release.ts';
import { topicFaults } from './stream-topics.ts';

/** What a store knows of the models that streams name. */
export interface KnownModels {
  /** All that there are. */
  readonly names: readonly string[];
  /** Highest first, by model. */
  readonly versions: ReadonlyMap<string, readonly string[]>;
  /** By model and version, `churn 1.0.0`; a release that says nothing of features is not there. */
  readonly features: ReadonlyMap<string, readonly Feature[]>;
}

const modelFaults = (
  draft: RevisionContent,
  stream: Stream,
  path: string,
  { names, versions, features }: KnownModels,
): Violation[] => {
  const { model, version } = stream;
  const known = versions.get(model) ?? [];
  if (known.length === 0) {
    const others = names.filter((name) => name !== model);
    const known = others.length === 0 ? '; it has no other one' : orElse(model, others);
    const message = `the store has no releases of the model '${model}'${known}`;
    return [{ path: `${path}.model`, rule: 'unknown', message }];
  }
  const release = releaseOfStream(known, settingsOf(draft, model), version);
  if ('fault' in release)
    return [{ path: `${path}.version`, rule: 'unknown', message: `model '${model}': ${release.fault}` }];
  if (!('version' in release)) return [];
  const has = features.get(`${model} ${release.version}`) ?? [];
  return mappingFaults(stream, path, { model, version: release.version, features: has });
};

const filterFaults = ({ filter }: Stream, path: string): Violation[] => {
  const compiled = filter === undefined ? { value: undefined } : compileFilter(filter);
  return 'error' in compiled ? [{ path: `${path}.filter`, rule: 'filter', message: compiled.error }] : [];
};

/** Everything for which the streams of a draft could not work, as far as it can be known before they run. */
export const streamFaults = (draft: RevisionContent, known: KnownModels): Violation[] => {
  const streams = draft.streams.map(streamOf);
  return [
    ...topicFaults(streams),
    ...streams.flatMap((stream, index) => filterFaults(stream, `streams.${index}`)),
    ...streams.flatMap((stream, index) => modelFaults(draft, stream, `streams.${index}`, known)),
  ];
};
