import { isPreRelease, sameVersion } from '../release/version.ts';
import type { ModelSettings } from './revision.ts';

const reasonIn = (list: ModelSettings['blocked'], version: string): string | undefined =>
  list.find((each) => sameVersion(each.version, version))?.reason;

/** Why a revision blocks a version; undefined: it does not. */
export const blockedReason = ({ blocked }: ModelSettings, version: string): string | undefined =>
  reasonIn(blocked, version);

/** Why nobody should use a version any more; undefined: nothing is said against it. */
export const deprecatedReason = ({ deprecated }: ModelSettings, version: string): string | undefined =>
  reasonIn(deprecated, version);

/** Why only who names a version gets it; undefined: ranges and the absent default may choose it. */
export const passedOver = (settings: ModelSettings, version: string): string | undefined => {
  const blocked = blockedReason(settings, version);
  if (blocked !== undefined) return `${version} is blocked (${blocked})`;
  const deprecated = deprecatedReason(settings, version);
  if (deprecated !== undefined) return `${version} is deprecated (${deprecated})`;
  return isPreRelease(version) ? `${version} is a pre-release` : undefined;
};
