import type { Announcement } from '@sluice/protos/gen/sluice/runtime/v1/Announcement';
import type { Cell } from '@sluice/protos/gen/sluice/runtime/v1/Cell';
import { digestOf, reasonOf } from '../releases/held-release.ts';
import type { ReleaseHolder } from '../releases/holder.ts';

export interface Announced {
  readonly holder: ReleaseHolder;
  /** Cells that serve or are about to be ended. */
  readonly cells: () => Cell[];
  /** Largest frame that is received. */
  readonly maxFrameBytes: number;
}

const mostKib = 0xffff_ffff;

/** What the runtime holds, as the link says it. */
export const announce = ({ holder, cells, maxFrameBytes }: Announced, draining: boolean): Announcement => ({
  draining,
  ready: holder.ready,
  maxFrameBytes,
  roomKib: Math.min(mostKib, Math.floor(holder.freeBytes / 1024)),
  cells: cells(),
  releases: holder.all().map((held) => ({
    handle: held.handle,
    model: held.model,
    version: held.version,
    digest: digestOf(held),
    state: `HELD_STATE_${held.state.kind}` as const,
    reason: reasonOf(held),
  })),
});
