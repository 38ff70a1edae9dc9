import { findSchema } from '../schema/find-schema.ts';
import { inputSchema } from '../schema/input-schema.ts';
import { checkManifest } from './check-manifest.ts';
import { digestOf } from './digest.ts';
import { computedByGraph } from './examine-graph.ts';
import { createFaultList, type FaultList } from './fault-list.ts';
import { type Manifest, type ManifestText, readManifest } from './manifest.ts';
import type { PackageFault } from './package-error.ts';
import { type ExamineOptions, type PackageFiles, readPackageFiles } from './package-files.ts';
import { type Publication, parsePublication, publicationFile } from './publication.ts';
import { folderOfRelease, type Release } from './release.ts';
import { declaredUpstream } from './upstream.ts';
import { sameVersion } from './version.ts';

/** What a package is, and everything for which it is no release. */
export interface Examined {
  /** Undefined: the faults leave none. */
  readonly release: Release | undefined;
  readonly faults: readonly PackageFault[];
  readonly files: PackageFiles;
}

const identityFaults = (manifest: Manifest, { model, version }: ExamineOptions): PackageFault[] => {
  const fault = (path: string, folder: string, came: string): PackageFault => ({
    file: 'sluice.yaml',
    path,
    message: `expected ${folder} as the folder says, got ${came}`,
  });
  return [
    ...(manifest.model === model ? [] : [fault('model', model, manifest.model)]),
    ...(sameVersion(manifest.version, version) ? [] : [fault('version', version, manifest.version)]),
  ];
};

const manifestIn = (
  { contents }: PackageFiles,
  options: ExamineOptions,
  list: FaultList,
): ManifestText | undefined => {
  const bytes = contents.get('sluice.yaml');
  const text = bytes && list.attempt('sluice.yaml', () => readManifest(bytes.toString('utf8')));
  if (text !== undefined) list.add(identityFaults(text.manifest, options));
  return text;
};

/** Who published it, where the files are still those that were published. */
const publicationIn = (
  { contents }: PackageFiles,
  digest: string,
  list: FaultList,
): Publication | undefined => {
  const bytes = contents.get(publicationFile);
  const published = bytes && list.attempt(publicationFile, () => parsePublication(bytes.toString('utf8')));
  if (published === undefined || published.digest === digest) return published;
  const message = `its files were changed: digest ${digest}, but ${published.digest} was published; a release is immutable`;
  list.add([{ file: '', message }]);
  return undefined;
};

type Computed = Pick<Release, 'signature' | 'batching' | 'upstream'>;

/** Of one that another server computes: Sluice gathers no batches for it. */
const fromUpstream = (manifest: Manifest, { contents }: PackageFiles): Computed => ({
  ...declaredUpstream(manifest, [...contents.keys()]),
  batching: { maxSize: 1, preferredSizes: [], maxDelayMs: 0 },
});

const schemaOf = ({ store, model, version }: ExamineOptions, { contents }: PackageFiles) =>
  findSchema(store, model, version, contents.get('schema.json'));

/** Faults of the manifest get the line of their field. */
const withLine = (fault: PackageFault, text: ManifestText | undefined): PackageFault =>
  fault.file !== 'sluice.yaml' || fault.line !== undefined || text === undefined
    ? fault
    : { ...fault, line: text.lineOf((fault.path ?? '').split('.')) };

/**
 * Reads a package whole and names all its faults at once, as far as one does not hide the others.
 * @throws what the store throws; PackageError where a file is larger than may be read.
 */
export const examinePackage = async (options: ExamineOptions): Promise<Examined> => {
  const { store, model, version, limits } = options;
  const folder = folderOfRelease(model, version);
  const files = await readPackageFiles(store, folder, await store.files(folder), limits);
  const list = createFaultList();
  const text = manifestIn(files, options, list);
  const manifest = text?.manifest;
  const computed =
    manifest?.kind === 'upstream'
      ? list.attempt('sluice.yaml', () => fromUpstream(manifest, files))
      : await computedByGraph({ ...options, files, manifest }, list);
  if (manifest !== undefined && computed !== undefined)
    list.attempt('sluice.yaml', () => checkManifest(manifest, computed.signature));
  const digest = digestOf(files.files);
  const published = publicationIn(files, digest, list);
  // Those beside the releases are named by the messages.
  const given = await list.awaited('', schemaOf(options, files));
  const release = computed && { model, version, digest, manifest, published, given, ...computed };
  if (release?.given !== undefined) list.attempt('schema.json', () => inputSchema(release));
  return { release, faults: list.faults.map((fault) => withLine(fault, text)), files };
};
