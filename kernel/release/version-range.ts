import semver from 'semver';
import { parseVersion } from './version.ts';

/** A range of versions as node-semver reads it: `2.x`, `~2.1`, `2.1.x`, `^2.0`, `>=2 <3`. */
export interface VersionRange {
  readonly text: string;
  /** Whether a version lies in it; pre-releases between its ends do too. */
  readonly includes: (version: string) => boolean;
}

/** Longer ones are nobody's; node-semver's time grows with the length. */
const maxLength = 256;

const rangeOf = (text: string): semver.Range | undefined => {
  if (text.trim() === '' || text.length > maxLength) return undefined;
  try {
    return new semver.Range(text);
  } catch {
    return undefined;
  }
};

/** Undefined: the text is no range. An exact version is one of itself alone. */
export const parseRange = (text: string): VersionRange | undefined => {
  const range = rangeOf(text);
  if (range === undefined) return undefined;
  return {
    text,
    includes: (version) => {
      const parsed = parseVersion(version);
      return parsed !== undefined && semver.satisfies(parsed, range, { includePrerelease: true });
    },
  };
};
