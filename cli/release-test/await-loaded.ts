import { setTimeout as sleep } from 'node:timers/promises';
import type { Release } from '@sluice/kernel/release/release';
import type { DoorClient } from '@sluice/kernel/rpc/door-client';

const INTERVAL_MS = 20;

/**
 * Waits until the gateway says that a release can be asked, and has it loaded if it is not.
 * @returns why it cannot be loaded; undefined: it is.
 * @throws what the signal was aborted with, or what the gateway could not say.
 */
export const awaitLoaded = async (
  door: DoorClient,
  { model, version, upstream }: Release,
  signal: AbortSignal,
): Promise<string | undefined> => {
  const bounds = { dueAt: Number.POSITIVE_INFINITY, signal };
  let isAsked = false;
  for (;;) {
    const { state, reason } = await door.standing(model, version, bounds);
    if (state === 'READY') return undefined;
    // Another server may be about to be ready; a runtime has said what it will say.
    if (state === 'UNAVAILABLE' && upstream === undefined) return reason;
    if (state === 'UNLOADED' && !isAsked) {
      isAsked = true;
      await door.load(model, bounds);
    }
    await sleep(INTERVAL_MS, undefined, { signal });
  }
};
