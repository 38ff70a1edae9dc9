import type { Violation } from '@sluice/kernel/errors/sluice-error';
import { type DigestedFile, digestOf } from '@sluice/kernel/release/digest';
import type { ReleaseName } from '@sluice/kernel/release/release';
import { parseVersion } from '@sluice/kernel/release/version';
import type { Package__Output } from '@sluice/protos/gen/sluice/v1/Package';
import { pathFaults } from './package-paths.ts';

/** A package whose files are still to come: its digest is what they must have. */
export interface Announced extends ReleaseName {
  readonly files: readonly DigestedFile[];
  readonly by: string;
  readonly wait: boolean;
}

export interface PackageBounds {
  readonly maxBytes: number;
  readonly maxFiles: number;
}

const modelName = /^[A-Za-z0-9][A-Za-z0-9._-]*$/;
/** As long as a file name may be. */
const maxNameLength = 255;
const maxByLength = 256;
const hexDigest = /^[0-9a-f]{64}$/;

const fault = (path: string, rule: string, message: string): Violation => ({ path, rule, message });

const nameFaults = ({ model, version, by }: Package__Output): Violation[] => [
  ...(modelName.test(model) && model.length <= maxNameLength
    ? []
    : [fault('model', 'pattern', 'expected letters, digits, dot, dash or underscore')]),
  ...(parseVersion(version) !== undefined && version.length <= maxNameLength && version === version.trim()
    ? []
    : [fault('version', 'pattern', `expected a semantic version, got '${version}'`)]),
  ...(by.length <= maxByLength && !/\p{Cc}/u.test(by)
    ? []
    : [fault('by', 'length', `expected at most ${maxByLength} characters, no control characters`)]),
];

const sumFaults = (files: readonly DigestedFile[], { maxBytes, maxFiles }: PackageBounds): Violation[] => {
  if (files.length === 0) return [fault('files', 'required', 'expected at least one file')];
  if (files.length > maxFiles)
    return [
      fault('files', 'length', `expected at most ${maxFiles} (PUBLISH_MAX_FILES), got ${files.length}`),
    ];
  const bytes = files.reduce((sum, { size }) => sum + size, 0);
  if (bytes <= maxBytes) return [];
  return [fault('files', 'size', `expected at most ${maxBytes} bytes (PUBLISH_MAX_BYTES), got ${bytes}`)];
};

const digestFaults = (files: readonly DigestedFile[], claimed: string): Violation[] => {
  const wrong = files.filter(({ sha256 }) => !hexDigest.test(sha256));
  if (wrong.length > 0)
    return wrong.map(({ path, sha256 }) =>
      fault(`files.${path}.sha256`, 'pattern', `expected 64 hexadecimal digits, got '${sha256}'`),
    );
  const digest = digestOf(files);
  if (claimed === '' || claimed === digest) return [];
  return [fault('digest', 'digest', `that of these files is ${digest}, the publisher computed ${claimed}`)];
};

/** What a publisher announced, or all that is wrong with it. */
export const parseAnnounced = (
  given: Package__Output,
  bounds: PackageBounds,
): { readonly value: Announced } | { readonly error: readonly Violation[] } => {
  const { model, version, by, digest, noWait } = given;
  const files = given.files.map(({ path, size, sha256 }) => ({ path, size, sha256: sha256.toLowerCase() }));
  const sums = sumFaults(files, bounds);
  const error = [
    ...nameFaults(given),
    ...sums,
    // Of too many files nothing more is looked at.
    ...(sums.length > 0
      ? []
      : [...pathFaults(files.map(({ path }) => path)), ...digestFaults(files, digest)]),
  ];
  if (error.length > 0) return { error };
  return {
    value: { model, version, digest: digestOf(files), files, by: by.trim() || 'unknown', wait: !noWait },
  };
};
