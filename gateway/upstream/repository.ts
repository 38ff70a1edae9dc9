import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Release } from '@sluice/kernel/release/release';
import { isUpstream, type ReleaseIndex, type UpstreamRelease } from '../core/served-release.ts';
import type { Upstreams } from './upstreams.ts';

export interface RepositoryOptions {
  readonly index: () => ReleaseIndex;
  readonly upstreams: Upstreams;
  /** What is to be done where Sluice's own runtimes compute. */
  readonly inRuntimes: (model: string) => Promise<void>;
}

const releasesOf = (index: ReleaseIndex, model: string): Release[] =>
  (index.get(model) ?? []).flatMap((each) => ('served' in each ? [each.served.release] : []));

/** A model of which every version is computed elsewhere is nothing that the runtimes know. */
const concernsRuntimes = (index: ReleaseIndex, model: string): boolean =>
  index.get(model)?.every((each) => 'served' in each && isUpstream(each.served.release)) !== true;

const faultOf = async (upstreams: Upstreams, release: UpstreamRelease): Promise<string[]> => {
  const { state, reason } = await upstreams.of(release).check(release);
  return state === 'READY' ? [] : [`${release.version}: ${release.upstream.url}: ${reason}`];
};

/**
 * Loads a model by hand: the runtimes load what is theirs, and other servers are looked at now.
 * @throws SluiceError RELEASE_UNAVAILABLE with the reasons when one cannot be served.
 */
export const loadModel = async (options: RepositoryOptions, model: string): Promise<void> => {
  const { index, upstreams, inRuntimes } = options;
  if (concernsRuntimes(index(), model)) await inRuntimes(model);
  const foreign = releasesOf(index(), model).filter(isUpstream);
  const faults = await Promise.all(foreign.map((release) => faultOf(upstreams, release)));
  if (faults.flat().length === 0) return;
  throw new SluiceError('RELEASE_UNAVAILABLE', `failed to load ${model}: ${faults.flat().join('; ')}`);
};

/** @throws SluiceError UNIMPLEMENTED where only other servers compute the model: it is theirs to unload. */
export const unloadModel = async (
  { index, inRuntimes }: Omit<RepositoryOptions, 'upstreams'>,
  model: string,
): Promise<void> => {
  if (concernsRuntimes(index(), model)) return inRuntimes(model);
  const urls = new Set(releasesOf(index(), model).flatMap(({ upstream }) => upstream?.url ?? []));
  const where = [...urls].join(', ');
  throw new SluiceError('UNIMPLEMENTED', `${model} is computed by ${where}: unload it there, or block it`);
};
