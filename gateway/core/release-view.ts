import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { type ModelSettings, type Revision, settingsOf } from '@sluice/kernel/revision/revision';
import type { AsOf } from '@sluice/kernel/revision/selector';
import type { IndexedRelease, ReleaseIndex } from './served-release.ts';

/** What a selector chooses from: the releases of a model, and the revision in force, now or at another time. */
export interface ReleaseView {
  readonly model: string;
  readonly revision: Revision;
  readonly settings: ModelSettings;
  /** The highest version first. */
  readonly releases: readonly IndexedRelease[];
  /** For messages: ` as of 2026-11-20`; empty: now. */
  readonly when: string;
}

/** The revision that was in force at a time. */
export interface InForce {
  /** The built-in one before the store's first. */
  readonly revision: Revision;
  /** The store's first, where it came later. */
  readonly first: Revision | undefined;
}

/** Names in a message, at most. */
const shownNames = 10;

export const some = (names: readonly string[]): string =>
  names.length <= shownNames
    ? names.join(', ')
    : `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`;

export const namesOf = (releases: readonly IndexedRelease[]): string =>
  some(releases.map(({ version }) => version));

/** Versions of a model. @throws SluiceError MODEL_NOT_FOUND listing what exists. */
export const versionsOf = (index: ReleaseIndex, model: string): readonly IndexedRelease[] => {
  const found = index.get(model);
  if (found !== undefined) return found;
  throw new SluiceError(
    'MODEL_NOT_FOUND',
    `Request for unknown model: '${model}' is not found; there are ${some([...index.keys()])}`,
  );
};

export const viewNow = (index: ReleaseIndex, revision: Revision, model: string): ReleaseView => ({
  model,
  revision,
  settings: settingsOf(revision, model),
  releases: versionsOf(index, model),
  when: '',
});

/** When a release came; without a publication it was always there. */
const cameAt = (indexed: IndexedRelease): number => {
  const at = 'served' in indexed ? indexed.served.release.published?.at : undefined;
  return at === undefined ? Number.NEGATIVE_INFINITY : Date.parse(at);
};

/** The first of some releases that were published, with the time as it is written down. */
const firstPublished = (releases: readonly IndexedRelease[]) =>
  releases
    .flatMap((each) => {
      const published = 'served' in each ? each.served.release.published : undefined;
      return published === undefined ? [] : [{ version: each.version, at: published.at }];
    })
    .sort((a, b) => Date.parse(a.at) - Date.parse(b.at))[0];

const notYet = (now: ReleaseView, { text }: AsOf, first: Revision | undefined): SluiceError => {
  const published = firstPublished(now.releases);
  const known = [
    ...(first === undefined ? [] : [`the first revision is ${first.revision} of ${first.when}`]),
    ...(published === undefined
      ? []
      : [`the first release of '${now.model}' is ${published.version} of ${published.at}`]),
  ];
  return new SluiceError(
    'RELEASE_NOT_FOUND',
    `nothing is known of model '${now.model}' as of ${text}: ${known.join(', and ')}`,
  );
};

/**
 * The releases that had been published by a time, under the revision that was in force then.
 * @throws SluiceError RELEASE_NOT_FOUND before the first revision and the first publication.
 */
export const viewAsOf = (now: ReleaseView, asOf: AsOf, { revision, first }: InForce): ReleaseView => {
  const releases = now.releases.filter((each) => cameAt(each) <= asOf.at);
  const isUndated = releases.every((each) => cameAt(each) === Number.NEGATIVE_INFINITY);
  if (releases.length === 0 || (first !== undefined && isUndated)) throw notYet(now, asOf, first);
  const settings = settingsOf(revision, now.model);
  return { model: now.model, revision, settings, releases, when: ` as of ${asOf.text}` };
};
