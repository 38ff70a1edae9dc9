import type { Announcement } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { HeldRelease } from '../releases/held-release.ts';
import type { ReleaseHolder } from '../releases/holder.ts';

const reasonOf = ({ state }: HeldRelease): string => {
  if (state.kind === 'UNAVAILABLE') return state.reason;
  return state.kind === 'UNLOADED' ? 'unloaded' : '';
};

/** What the runtime holds, as the link says it. */
export const announce = (holder: ReleaseHolder, draining: boolean): Announcement => ({
  draining,
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
