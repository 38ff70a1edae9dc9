import { type RunningConsumers, startConsumers, untilConsuming } from './consumers.ts';
import type { Environment } from './sluice.ts';

export interface ScorerOptions {
  /** Link ports of gateways, host:port. */
  readonly links: readonly string[];
  /** Holds the revisions whose streams it scores. */
  readonly store: string;
  /** Which event log, and whatever else a test says. */
  readonly env: Environment;
}

/** Starts a scorer in front of gateways and waits until it is ready: it is linked, and has the revision. */
export const startScorer = async ({ links, store, env }: ScorerOptions): Promise<RunningConsumers> => {
  const running = await startConsumers({
    CONSUMERS: 'scorer',
    GATEWAY_LINKS: links.join(','),
    STORE_URL: store,
    REVISION_POLL_MS: '100',
    LAG_POLL_MS: '200',
    ...env,
  });
  try {
    await untilConsuming(running);
    return running;
  } catch (error) {
    await running[Symbol.asyncDispose]();
    throw error;
  }
};
