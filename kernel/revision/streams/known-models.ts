import { listFolders, listModels } from '../../release/list-releases.ts';
import { parseManifest } from '../../release/manifest.ts';
import type { Feature } from '../../release/manifest-features.ts';
import { folderOfRelease } from '../../release/release.ts';
import type { Store } from '../../store/store.ts';
import { isStoreUnavailable } from '../../store/unavailable.ts';
import { type RevisionContent, settingsOf } from '../revision.ts';
import type { KnownModels } from './check-streams.ts';
import { releaseOfStream } from './stream-release.ts';

/** A release without a manifest, or with one that cannot be read, says nothing here. */
const featuresOf = async (store: Store, model: string, version: string): Promise<readonly Feature[]> => {
  try {
    const text = (await store.read(`${folderOfRelease(model, version)}/sluice.yaml`)).toString('utf8');
    return parseManifest(text).features;
  } catch (error) {
    if (isStoreUnavailable(error)) throw error;
    return [];
  }
};

/** The releases that streams mean now, as model and version. */
const releasesOf = (
  draft: RevisionContent,
  versions: KnownModels['versions'],
): Map<string, readonly [model: string, version: string]> =>
  new Map(
    draft.streams.flatMap(({ model, version }) => {
      const found = releaseOfStream(versions.get(model) ?? [], settingsOf(draft, model), version);
      return 'version' in found ? [[`${model} ${found.version}`, [model, found.version] as const]] : [];
    }),
  );

/**
 * What has to be known of a store to check the streams of a draft: the manifests of the releases that they mean.
 * @throws SluiceError STORE_UNAVAILABLE
 */
export const readKnownModels = async (store: Store, draft: RevisionContent): Promise<KnownModels> => {
  const looked = await store.look();
  const names = await listModels(looked);
  const wanted = [...new Set(draft.streams.map(({ model }) => model))].filter((name) => names.includes(name));
  const versions = new Map(
    await Promise.all(
      wanted.map(async (model) => [model, (await listFolders(looked, model)).versions] as const),
    ),
  );
  const features = new Map<string, readonly Feature[]>();
  for (const [key, [model, version]] of releasesOf(draft, versions))
    features.set(key, await featuresOf(looked, model, version));
  return { names, versions, features };
};
