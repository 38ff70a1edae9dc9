import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { isPreRelease, sameVersion } from '@sluice/kernel/release/version';
import type { ModelSettings, Revision } from '@sluice/kernel/revision/revision';
import type { IndexedRelease, ReleaseIndex, ServedRelease } from './served-release.ts';

/** Names in a message, at most. */
const shownNames = 10;

const some = (names: readonly string[]): string =>
  names.length <= shownNames
    ? names.join(', ')
    : `${names.slice(0, shownNames).join(', ')} and ${names.length - shownNames} more`;

/** Versions of a model. @throws SluiceError MODEL_NOT_FOUND listing what exists. */
export const versionsOf = (index: ReleaseIndex, model: string): readonly IndexedRelease[] => {
  const found = index.get(model);
  if (found !== undefined) return found;
  throw new SluiceError(
    'MODEL_NOT_FOUND',
    `Request for unknown model: '${model}' is not found; there are ${some([...index.keys()])}`,
  );
};

/** The revision's default, else the highest that is not a pre-release, else the highest. */
export const defaultVersion = (
  found: readonly IndexedRelease[],
  settings: ModelSettings | undefined,
): string =>
  settings?.default ?? (found.find(({ version }) => !isPreRelease(version)) ?? found[0])?.version ?? '';

/** Why the revision blocks a version; undefined: it does not. */
export const blockedReason = (settings: ModelSettings | undefined, version: string): string | undefined =>
  settings?.blocked.find((blocked) => sameVersion(blocked.version, version))?.reason;

/** Nearly every request names a version as the store does, or none: those are not parsed. */
const findVersion = (found: readonly IndexedRelease[], wanted: string): IndexedRelease | undefined =>
  found.find(({ version }) => version === wanted) ??
  found.find(({ version }) => sameVersion(version, wanted));

/**
 * The one release that a name and an exact version (empty: none given) stand for.
 * @throws SluiceError MODEL_NOT_FOUND, RELEASE_NOT_FOUND, RELEASE_BLOCKED, or RELEASE_UNAVAILABLE
 *   when the store holds it broken.
 */
export const resolveRelease = (
  index: ReleaseIndex,
  revision: Revision,
  model: string,
  version: string,
): ServedRelease => {
  const found = versionsOf(index, model);
  const settings = revision.models[model];
  const wanted = version === '' ? defaultVersion(found, settings) : version;
  const release = findVersion(found, wanted);
  if (release === undefined) {
    const why = version === '' ? `the default of revision ${revision.revision}, which` : 'which';
    const known = some(found.map((each) => each.version));
    throw new SluiceError(
      'RELEASE_NOT_FOUND',
      `model '${model}' has no version '${wanted}', ${why} was asked for; it has ${known}`,
    );
  }
  const reason = blockedReason(settings, release.version);
  if (reason !== undefined)
    throw new SluiceError('RELEASE_BLOCKED', `${model} ${release.version} is blocked: ${reason}`);
  if ('fault' in release)
    throw new SluiceError(
      'RELEASE_UNAVAILABLE',
      `${model} ${release.version} is not available: ${release.fault}`,
    );
  return release.served;
};
