import type { Store } from '../store/store.ts';
import { examinePackage } from './examine-package.ts';
import { fileNameFaults } from './file-names.ts';
import { compileGoldenEncoder } from './golden.ts';
import { faultsOf, PackageError, type PackageFault, refuse } from './package-error.ts';
import { defaultPackageLimits, type PackageLimits } from './package-limits.ts';
import { type GoldenLine, parseGolden } from './read-golden.ts';
import { folderOfRelease, type Release } from './release.ts';
import { parseVersion, sameVersion } from './version.ts';

export interface CheckOptions {
  /** Versions of the model that are published already. */
  readonly existing?: readonly string[];
  /** Those that are not given are the defaults. */
  readonly limits?: Partial<PackageLimits>;
}

/** `1` and `1.0.0` would both answer to `1`. */
const versionFaults = (version: string, existing: readonly string[]): PackageFault[] => {
  if (parseVersion(version) === undefined)
    return [{ file: '', message: `expected a semantic version, got '${version}'` }];
  const twin = existing.find((other) => other !== version && sameVersion(other, version));
  const message = `${version} and ${twin}, which is published already, are the same version; take a higher one`;
  return twin === undefined ? [] : [{ file: '', message }];
};

const file = 'golden.jsonl';

/** Cases whose input does not fit the release. */
const unfitCases = (cases: readonly GoldenLine[], release: Release): PackageFault[] => {
  const encode = compileGoldenEncoder(release);
  return cases.flatMap(({ line, golden }) => {
    try {
      encode(golden);
      return [];
    } catch (error) {
      return faultsOf(error, file).map((fault) => ({ ...fault, line }));
    }
  });
};

/** @param release undefined: it has faults, and nothing can be held against it */
const goldenFaults = (bytes: Buffer | undefined, release: Release | undefined): readonly PackageFault[] => {
  try {
    const cases = parseGolden(bytes?.toString('utf8') ?? '');
    return release === undefined ? [] : unfitCases(cases, release);
  } catch (error) {
    return faultsOf(error, file);
  }
};

/** Before anything is read. */
const refuseNames = (paths: readonly string[], { maxFiles }: PackageLimits): void => {
  if (paths.length > maxFiles)
    refuse([{ file: '', message: `the package has ${paths.length} files, at most ${maxFiles} are taken` }]);
  refuse(fileNameFaults(paths));
};

/**
 * The whole check of a package that is to be published and lies in a store: everything that a load
 * asks, and limits, names, golden cases and version.
 * @throws PackageError naming every fault with file, line and path.
 */
export const checkPackage = async (
  store: Store,
  model: string,
  version: string,
  { existing = [], limits: given = {} }: CheckOptions = {},
): Promise<Release> => {
  const limits = { ...defaultPackageLimits, ...given };
  refuseNames(await store.files(folderOfRelease(model, version)), limits);
  const { release, faults, files } = await examinePackage({ store, model, version, limits });
  const all = [
    ...versionFaults(version, existing),
    ...faults,
    ...goldenFaults(files.contents.get('golden.jsonl'), faults.length === 0 ? release : undefined),
  ];
  if (release === undefined || all.length > 0) throw new PackageError(all);
  return release;
};
