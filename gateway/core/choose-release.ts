import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { parseVersion, sameVersion } from '@sluice/kernel/release/version';
import type { VersionRange } from '@sluice/kernel/release/version-range';
import { blockedReason, passedOver } from '@sluice/kernel/revision/passed-over';
import type { Wanted } from '@sluice/kernel/revision/selector';
import { nearMiss } from '@sluice/kernel/schema/near-miss';
import { namesOf, type ReleaseView, some } from './release-view.ts';
import type { IndexedRelease } from './served-release.ts';

const notFound = (message: string): SluiceError => new SluiceError('RELEASE_NOT_FOUND', message);

/** `; did you mean '1.2.0'?`, or nothing. */
export const meant = (wrong: string, names: readonly string[]): string => {
  const near = nearMiss(wrong, names);
  return near === undefined ? '' : `; did you mean '${near}'?`;
};

/** The version itself, and where it comes from: for the message when the store does not hold it. */
const named = (view: ReleaseView, version: string, whence: string): IndexedRelease => {
  const { model, releases, when } = view;
  // Nearly every request names a version as the store does: those are not parsed.
  const release =
    releases.find((each) => each.version === version) ??
    releases.find((each) => sameVersion(each.version, version));
  if (release !== undefined) return release;
  const major = parseVersion(version)?.major;
  const near = releases.map((each) => each.version).filter((each) => parseVersion(each)?.major === major);
  throw notFound(
    `model '${model}' has no version '${version}', ${whence}${when}; it has ${namesOf(releases)}${meant(version, near)}`,
  );
};

/** @throws SluiceError RELEASE_NOT_FOUND with the aliases that there are. */
const aliased = (view: ReleaseView, alias: string): IndexedRelease => {
  const { model, revision, settings, releases, when } = view;
  const version = Object.hasOwn(settings.aliases, alias) ? settings.aliases[alias] : undefined;
  if (version !== undefined)
    return named(view, version, `for which its alias '${alias}' stands in revision ${revision.revision}`);
  const aliases = Object.keys(settings.aliases);
  const known = aliases.length === 0 ? 'no aliases' : `the aliases ${some(aliases)}`;
  throw notFound(
    `model '${model}' has no alias '${alias}'${when}, which was asked for; it has ${known}, ` +
      `and the versions ${namesOf(releases)}${meant(alias, aliases)}`,
  );
};

/** The highest that may be chosen; of what may not, the message says why. */
const highest = (
  { model, settings, releases, when }: ReleaseView,
  includes: (version: string) => boolean,
  { forWhat, advice }: { readonly forWhat: string; readonly advice: string },
): IndexedRelease => {
  const among = releases.filter(({ version }) => includes(version));
  const chosen = among.find(({ version }) => passedOver(settings, version) === undefined);
  if (chosen !== undefined) return chosen;
  if (among.length === 0)
    throw notFound(`model '${model}' has no version ${forWhat}${when}; it has ${namesOf(releases)}`);
  const reasons = some(among.map(({ version }) => passedOver(settings, version) ?? version));
  const isBlocked = among.every(({ version }) => blockedReason(settings, version) !== undefined);
  throw new SluiceError(
    isBlocked ? 'RELEASE_BLOCKED' : 'RELEASE_NOT_FOUND',
    `model '${model}' has no version ${forWhat}${when} that may be chosen: ${reasons}; ${advice}`,
  );
};

const inRange = (view: ReleaseView, range: VersionRange): IndexedRelease =>
  highest(view, range.includes, {
    forWhat: `in the range '${range.text}', which was asked for`,
    advice: 'name one exactly',
  });

const byDefault = (view: ReleaseView): IndexedRelease => {
  const { revision, settings } = view;
  if (settings.default === undefined)
    return highest(view, () => true, {
      forWhat: 'for those who ask for none',
      advice: 'name one exactly, or make one the default',
    });
  if (Object.hasOwn(settings.aliases, settings.default)) return aliased(view, settings.default);
  return named(view, settings.default, `the default of revision ${revision.revision}, which was asked for`);
};

const shownDigits = 'sha256:'.length + 12;

const withDigest = ({ model, releases }: ReleaseView, digest: string): IndexedRelease => {
  const readable = releases.flatMap((each) => ('served' in each ? [each] : []));
  const fitting = readable.filter(({ served }) => served.release.digest.startsWith(digest));
  const [first, second] = fitting;
  if (first !== undefined && second === undefined) return first;
  const told = (length?: number): string =>
    some(
      (first === undefined ? readable : fitting).map(
        ({ version, served }) => `${version} (${served.release.digest.slice(0, length)})`,
      ),
    );
  if (first !== undefined)
    throw notFound(`the digest '${digest}' of model '${model}' is ambiguous: ${told()}; give more digits`);
  throw notFound(`model '${model}' has no release with the digest '${digest}'; it has ${told(shownDigits)}`);
};

/**
 * The one release that is wanted, be it blocked or broken.
 * @throws SluiceError RELEASE_NOT_FOUND with what there is; RELEASE_BLOCKED where all that a range or the
 *   absent default may mean is blocked.
 */
export const chooseRelease = (view: ReleaseView, wanted: Wanted): IndexedRelease => {
  switch (wanted.kind) {
    case 'default':
      return byDefault(view);
    case 'exact':
      return named(view, wanted.version, 'which was asked for');
    case 'range':
      return inRange(view, wanted.range);
    case 'alias':
      return aliased(view, wanted.alias);
    case 'digest':
      return withDigest(view, wanted.digest);
  }
};
