import type { CallBounds } from '@sluice/kernel/rpc/unary-call';

/** As long as the gateway gives a request that brings no deadline. */
const REQUEST_MS = 30_000;

export const boundsOf = (signal: AbortSignal): CallBounds => ({
  dueAt: performance.now() + REQUEST_MS,
  signal,
});
