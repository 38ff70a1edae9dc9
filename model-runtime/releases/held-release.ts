import type { Release } from '@sluice/kernel/release/release';
import type { ReleaseWorker } from '../core/release-worker.ts';

/** Where a release stands in this runtime. */
export type HeldState =
  | { readonly kind: 'LOADING' }
  | { readonly kind: 'READY'; readonly release: Release; readonly worker: ReleaseWorker }
  | { readonly kind: 'UNLOADED' }
  | { readonly kind: 'UNAVAILABLE'; readonly reason: string };

export interface HeldRelease {
  /** Under which it is announced over the link. */
  readonly handle: number;
  readonly model: string;
  readonly version: string;
  /** Empty until its files were read. */
  readonly digest: string;
  readonly state: HeldState;
}
