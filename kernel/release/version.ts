import semver from 'semver';

/** A bare integer is a version too: 1 is 1.0.0. */
export const parseVersion = (text: string): semver.SemVer | undefined =>
  semver.parse(/^\d+$/.test(text) ? `${text}.0.0` : text) ?? undefined;

/** Highest first; what is no version at all comes last. */
export const compareVersions = (a: string, b: string): number => {
  const [left, right] = [parseVersion(a), parseVersion(b)];
  if (left === undefined || right === undefined)
    return Number(left === undefined) - Number(right === undefined);
  return semver.rcompare(left, right);
};

/** Whether two texts name the same version. */
export const sameVersion = (a: string, b: string): boolean => {
  if (a === b) return true;
  const [left, right] = [parseVersion(a), parseVersion(b)];
  return left !== undefined && right !== undefined && semver.eq(left, right);
};

export const isPreRelease = (text: string): boolean => (parseVersion(text)?.prerelease.length ?? 0) > 0;
