import type { Header } from '@sluice/kernel/event-log/event-log';
import type { Announcement } from '@sluice/protos/gen/sluice/gateway/v1/Announcement';

export interface Announced {
  /** The gateway's id. */
  readonly gateway: string;
  readonly maxFrameBytes: number;
  readonly maxInFlight: number;
  /** That all returned records have in common. */
  readonly recordHeaders: readonly Header[];
  readonly isReady: () => boolean;
  /** Aborted when the process stops. */
  readonly draining: AbortSignal;
}

/** What the gateway says of itself now. */
export const announce = (announced: Announced): Announcement => {
  const { gateway, maxFrameBytes, maxInFlight, recordHeaders, isReady, draining } = announced;
  return {
    gateway,
    ready: isReady(),
    draining: draining.aborted,
    maxFrameBytes,
    maxInFlight,
    recordHeaders: recordHeaders.map(([name, value]) => ({ name, value })),
  };
};
