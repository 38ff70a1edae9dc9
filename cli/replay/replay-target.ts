import type { GatewayOptions } from '../gateway-client.ts';

/** The release that recorded inputs are sent to. */
export interface ReplayTarget {
  readonly gateway: GatewayOptions;
  readonly model: string;
  /** An exact version. */
  readonly release: string;
}

/** The gateway neither records nor counts a request with it. */
export const replayHeader = { 'sluice-synthetic': 'replay' } as const;
