import type { EncodeFeatures } from '@sluice/kernel/features/encode-features';
import type { NameRows } from '@sluice/kernel/features/name-outputs';
import type { Feature } from '@sluice/kernel/release/manifest-features';
import type { Release, Upstream } from '@sluice/kernel/release/release';
import type { Rules } from '@sluice/kernel/rules/rules-of';
import type { InputSchema } from '@sluice/kernel/schema/input-schema';

/** A release as the gateway read it from the store, with what is compiled once. */
export interface ServedRelease {
  readonly release: Release;
  readonly features: readonly Feature[];
  readonly schema: InputSchema;
  readonly encode: EncodeFeatures;
  readonly nameRows: NameRows;
  readonly rules: Rules;
}

/** A version of a model: readable, or why not. */
export type IndexedRelease =
  | { readonly version: string; readonly served: ServedRelease }
  | { readonly version: string; readonly fault: string };

/** What the gateway knows of the store: by model, the highest version first. */
export type ReleaseIndex = ReadonlyMap<string, readonly IndexedRelease[]>;

/** A release that another server computes. */
export type UpstreamRelease = Release & { readonly upstream: Upstream };

export const isUpstream = (release: Release): release is UpstreamRelease => release.upstream !== undefined;
