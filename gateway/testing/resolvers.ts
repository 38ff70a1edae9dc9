import type { Release } from '@sluice/kernel/release/release';
import { compareVersions } from '@sluice/kernel/release/version';
import {
  emptyRevision,
  type ModelSettings,
  noSettings,
  type Revision,
} from '@sluice/kernel/revision/revision';
import {
  createResolver,
  type Resolution,
  type Resolver,
  type ResolverOptions,
} from '../core/resolve-release.ts';
import type { IndexedRelease } from '../core/served-release.ts';
import { served, testRelease } from './calls.ts';

/** One that can be served. */
export const good = (version: string, more: Partial<Release> = {}): IndexedRelease => ({
  version,
  served: served(testRelease({ version, ...more })),
});

/** One that was published at a time. */
export const publishedAt = (version: string, at: string): IndexedRelease =>
  good(version, { published: { digest: 'sha256:1', by: 'ada', at, from: '127.0.0.1' } });

/** Revision 7, which says something of the model `m`. */
export const revisionOf = (settings: Partial<ModelSettings>, more: Partial<Revision> = {}): Revision => ({
  ...emptyRevision,
  revision: 7,
  when: '2026-11-07T00:00:00.000Z',
  models: { m: { ...noSettings, ...settings } },
  ...more,
});

/** Over releases of the model `m`, in any order. */
export const testResolver = (
  releases: readonly IndexedRelease[],
  settings: Partial<ModelSettings> = {},
  inForceAt: ResolverOptions['inForceAt'] = () => ({ revision: revisionOf(settings), first: undefined }),
): Resolver =>
  createResolver({
    index: new Map([['m', releases.toSorted((a, b) => compareVersions(a.version, b.version))]]),
    revision: revisionOf(settings),
    inForceAt,
  });

/** Of the model `m`. */
export const resolveM = async (resolver: Resolver, selector: string): Promise<Resolution> =>
  resolver.resolve('m', selector);
