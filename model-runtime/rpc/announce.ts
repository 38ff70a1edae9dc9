import type { Announcement } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { HeldRelease } from '../releases/held-release.ts';
import type { ReleaseHolder } from '../releases/holder.ts';

const reasonOf = ({ state }: HeldRelease): string => {
  if (state.kind === 'UNAVAILABLE') return state.reason;
  return state.kind === 'UNLOADED' ? 'unloaded' : '';
};

export interface Announced {
  readonly holder: ReleaseHolder;
  /** Largest frame that is received. */
  readonly maxFrameBytes: number;
}

/** What the runtime holds, as the link says it. */
export const announce = ({ holder, maxFrameBytes }: Announced, draining: boolean): Announcement => ({
  draining,
  maxFrameBytes,
  ready: holder.ready,
  releases: holder.all().map((held) => ({
    handle: held.handle,
    model: held.model,
    version: held.version,
    digest: held.digest,
    state: `HELD_STATE_${held.state.kind}` as const,
    reason: reasonOf(held),
  })),
});
