import { findSchema } from '../schema/find-schema.ts';
import { inputSchema } from '../schema/input-schema.ts';
import { readIfThere } from '../store/read-if-there.ts';
import type { Store } from '../store/store.ts';
import { isStoreUnavailable } from '../store/unavailable.ts';
import { checkManifest } from './check-manifest.ts';
import { type DigestedFile, digestOf, sha256 } from './digest.ts';
import { type Manifest, parseManifest } from './manifest.ts';
import { readSignature } from './onnx-signature.ts';
import { type Publication, parsePublication, publicationFile } from './publication.ts';
import { folderOfRelease, type Release } from './release.ts';
import { batchingOf, tensorSignature } from './tensor-signature.ts';
import { parseTritonConfig, type TritonConfig } from './triton-config.ts';
import { declaredUpstream, refuseUpstreamFields } from './upstream.ts';
import { sameVersion } from './version.ts';

interface ReadFiles {
  readonly files: readonly DigestedFile[];
  readonly contents: Map<string, Buffer>;
  readonly published: Publication | undefined;
}

const readFiles = async (store: Store, folder: string): Promise<ReadFiles> => {
  const contents = new Map<string, Buffer>();
  const files: DigestedFile[] = [];
  let published: Publication | undefined;
  for (const path of await store.files(folder)) {
    const bytes = await store.read(`${folder}/${path}`);
    if (path === publicationFile) {
      published = parsePublication(bytes.toString('utf8'));
      continue;
    }
    files.push({ path, size: bytes.byteLength, sha256: sha256(bytes) });
    contents.set(path, bytes);
  }
  return { files, contents, published };
};

/** @throws Error when the files are not those that were published. */
const checkedDigest = ({ files, published }: ReadFiles): string => {
  const digest = digestOf(files);
  if (published === undefined || published.digest === digest) return digest;
  throw new Error(
    `its files were changed: digest ${digest}, but ${published.digest} was published; a release is immutable`,
  );
};

const checkIdentity = (manifest: Manifest, model: string, version: string): void => {
  if (manifest.model !== model)
    throw new Error(`sluice.yaml: model: expected ${model} as the folder says, got ${manifest.model}`);
  if (!sameVersion(manifest.version, version)) {
    throw new Error(`sluice.yaml: version: expected ${version} as the folder says, got ${manifest.version}`);
  }
};

const manifestOf = (bytes: Buffer | undefined, model: string, version: string): Manifest | undefined => {
  if (bytes === undefined) return undefined;
  const manifest = parseManifest(bytes.toString('utf8'));
  checkIdentity(manifest, model, version);
  return manifest;
};

/** Triton keeps config.pbtxt beside the versions; a release of ours may hold it itself. */
const tritonConfigOf = async (
  store: Store,
  model: string,
  own: Buffer | undefined,
): Promise<TritonConfig | undefined> => {
  const bytes = own ?? (await readIfThere(store, `${model}/config.pbtxt`));
  if (bytes === undefined) return undefined;
  const config = parseTritonConfig(bytes.toString('utf8'));
  if (config.name !== '' && config.name !== model) {
    throw new Error(`config.pbtxt: name: expected ${model} as the folder says, got ${config.name}`);
  }
  return config;
};

/** Signature and batching of a release with a graph. */
const fromGraph = async (
  store: Store,
  model: string,
  contents: ReadonlyMap<string, Buffer>,
  manifest: Manifest | undefined,
): Promise<Pick<Release, 'signature' | 'batching'>> => {
  if (manifest !== undefined) refuseUpstreamFields(manifest);
  const graph = contents.get('model.onnx');
  if (graph === undefined) throw new Error('there is no model.onnx');
  const triton = await tritonConfigOf(store, model, contents.get('config.pbtxt'));
  const declared = { manifest, triton };
  const signature = tensorSignature(readSignature(graph), declared);
  return { signature, batching: batchingOf(declared, signature) };
};

/** Of one that another server computes: Sluice gathers no batches for it. */
const fromUpstream = (
  manifest: Manifest,
  files: readonly string[],
): Pick<Release, 'signature' | 'batching' | 'upstream'> => ({
  ...declaredUpstream(manifest, files),
  batching: { maxSize: 1, preferredSizes: [], maxDelayMs: 0 },
});

/**
 * Reads a release whole: manifest, signature, schema, digest.
 * @throws Error whose message says what is wrong with its files.
 */
export const readRelease = async (store: Store, model: string, version: string): Promise<Release> => {
  const read = await readFiles(store, folderOfRelease(model, version));
  const { contents, published } = read;
  const digest = checkedDigest(read);
  const manifest = manifestOf(contents.get('sluice.yaml'), model, version);
  const computed =
    manifest?.kind === 'upstream'
      ? fromUpstream(manifest, [...contents.keys()])
      : await fromGraph(store, model, contents, manifest);
  if (manifest !== undefined) checkManifest(manifest, computed.signature);
  const given = await findSchema(store, model, version, contents.get('schema.json'));
  const release = { model, version, digest, manifest, published, given, ...computed };
  if (given !== undefined) inputSchema(release);
  return release;
};

/** Whether another server computes a release, by its manifest alone; one that cannot be read says no. */
export const isComputedElsewhere = async (store: Store, model: string, version: string): Promise<boolean> => {
  try {
    const text = (await store.read(`${folderOfRelease(model, version)}/sluice.yaml`)).toString('utf8');
    return parseManifest(text).kind === 'upstream';
  } catch (error) {
    if (isStoreUnavailable(error)) throw error;
    return false;
  }
};
