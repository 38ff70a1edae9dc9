import type { Release } from '@sluice/kernel/release/release';
import type { ReleaseWorker } from '../core/release-worker.ts';

/** A release that can be computed, here or in its cells. */
export interface Served {
  readonly release: Release;
  readonly worker: ReleaseWorker;
}

/** Where a release stands in this runtime. */
export type HeldState =
  | { readonly kind: 'LOADING'; readonly reason?: string }
  | ({ readonly kind: 'READY' } & Served)
  /** The worker passes on to the cells. */
  | ({ readonly kind: 'IN_CELL' } & Served)
  /** By hand: it stays so until it is loaded by hand. */
  | { readonly kind: 'UNLOADED' }
  /** Loaded when somebody asks for it; the reason says why that failed last time. */
  | { readonly kind: 'ON_DEMAND'; readonly reason?: string }
  | { readonly kind: 'QUARANTINED'; readonly reason: string }
  /** The digest is that of the files that failed; not given: they could not be read. */
  | { readonly kind: 'UNAVAILABLE'; readonly reason: string; readonly digest?: string };

export interface HeldRelease {
  /** Under which it is announced over the link. */
  readonly handle: number;
  readonly model: string;
  readonly version: string;
  /** Empty until its files were read. */
  readonly digest: string;
  readonly state: HeldState;
}

/** What can be computed of a release now; undefined: nothing. */
export const servedOf = ({ state }: HeldRelease): Served | undefined =>
  state.kind === 'READY' || state.kind === 'IN_CELL' ? state : undefined;

/** Digest of the files that were read last; empty: none could be. */
export const digestOf = ({ digest, state }: HeldRelease): string =>
  state.kind === 'UNAVAILABLE' ? (state.digest ?? '') : digest;

/** Why it is not READY, in words; empty where the state says it all. */
export const reasonOf = ({ state }: HeldRelease): string =>
  state.kind === 'UNLOADED' ? 'unloaded' : 'reason' in state ? (state.reason ?? '') : '';
