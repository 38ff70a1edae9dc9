import { setTimeout as sleep } from 'node:timers/promises';

export interface ReadinessOptions {
  readonly healthUrl: string;
  /** Ends the wait. */
  readonly signal: AbortSignal;
  /** Told once, when readiness is long in coming, with the last answer. */
  readonly onSlow: (lastAnswer: string) => void;
  readonly intervalMs?: number;
  readonly slowAfterMs?: number;
}

const INTERVAL_MS = 30;
const ANSWER_TIMEOUT_MS = 1000;
const SLOW_AFTER_MS = 10_000;

/** Asks the health URL until it answers 200; false if the signal came first. */
export const awaitReady = async (options: ReadinessOptions): Promise<boolean> => {
  const { healthUrl, signal, intervalMs = INTERVAL_MS, slowAfterMs = SLOW_AFTER_MS } = options;
  const startedAt = performance.now();
  let isToldSlow = false;
  while (!signal.aborted) {
    const answer = await ask(healthUrl, signal);
    if (answer === 'ready') return true;
    if (!isToldSlow && performance.now() - startedAt >= slowAfterMs) {
      isToldSlow = true;
      options.onSlow(answer);
    }
    await sleep(intervalMs, undefined, { signal }).catch(() => undefined);
  }
  return false;
};

const MAX_ANSWER_CHARACTERS = 300;

const ask = async (healthUrl: string, signal: AbortSignal): Promise<string> => {
  try {
    const response = await fetch(healthUrl, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(ANSWER_TIMEOUT_MS)]),
    });
    const body = await response.text();
    return response.status === 200 ? 'ready' : `${response.status} ${body.slice(0, MAX_ANSWER_CHARACTERS)}`;
  } catch {
    return 'no answer';
  }
};
