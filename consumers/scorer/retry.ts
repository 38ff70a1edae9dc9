import type { Code } from '@sluice/kernel/errors/codes';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { withJitter } from '../backoff.ts';

/** Of those that are tried a few times. */
export const maxFailures = 5;

/** Of those that are tried a few times: what can befall all events of a model at once. */
const shared = new Set<Code>(['DEADLINE_EXCEEDED', 'RUNTIME_LOST']);
export const mayBefallAll = ({ code }: SluiceError): boolean => shared.has(code);

/** How long is waited before something is tried once more. */
export interface RetryWaits {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const defaultWaits: RetryWaits = { firstMs: 100, maxMs: 5_000 };

/** What a code says of itself where nobody said when a retry is worth while: longer than most of what passes lasts. */
const unsaidMs = 1_000;

/**
 * The wait after so many attempts. Who said when a retry is worth while is heard, and not by all at the same moment: they
 * would meet what took the model down again.
 */
export const waitMsAfter = (
  attempts: number,
  { retryAfterMs }: Pick<SluiceError, 'retryAfterMs'>,
  { firstMs, maxMs }: RetryWaits,
): number => {
  const own = withJitter(Math.min(firstMs * 2 ** Math.min(attempts - 1, 20), maxMs));
  return retryAfterMs === undefined || retryAfterMs === unsaidMs ? own : retryAfterMs + own;
};
