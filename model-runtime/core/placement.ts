import type { Manifest } from '@sluice/kernel/release/manifest';

/** Where a release is computed, and within which bounds. */
export interface Placement {
  /** `measured`: in a cell if it turns out to be slow. */
  readonly isolation: 'cell' | 'shared' | 'measured';
  /** Cells, where it is in cells. */
  readonly instances: number;
  /** Longest time of one batch in a cell. */
  readonly maxComputeMs: number;
}

/** What the manifest says, completed by the runtime's defaults. */
export const placementOf = (
  manifest: Manifest | undefined,
  defaults: { readonly maxComputeMs: number },
): Placement => ({
  isolation: manifest?.isolation ?? 'measured',
  instances: manifest?.instances ?? 1,
  maxComputeMs: manifest?.maxComputeMs ?? defaults.maxComputeMs,
});
