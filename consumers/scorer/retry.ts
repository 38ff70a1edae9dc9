import type { Code } from '@sluice/kernel/errors/codes';
import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { withJitter } from '../backoff.ts';

/**
 * What is done about an event that could not be scored.
 * `away`: it is tried until it goes: what it needs is away or has too much to do.
 * `stream`: it is tried until it goes, too, but somebody has to change something first.
 * `limited`: it is tried a few times, since the event itself may be why.
 * `never`: it can never be scored.
 */
export type Verdict = 'away' | 'stream' | 'limited' | 'never';

/** Of those that are tried a few times. */
export const maxFailures = 5;

const limited = new Set<Code>(['DEADLINE_EXCEEDED', 'INTERNAL', 'RELEASE_QUARANTINED', 'CANCELLED']);
const ofStream = new Set<Code>([
  'MODEL_NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'RELEASE_BLOCKED',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
]);

export const classify = ({ code, meaning }: SluiceError): Verdict => {
  if (limited.has(code)) return 'limited';
  if (ofStream.has(code)) return 'stream';
  return meaning.retryable ? 'away' : 'never';
};

/** How long is waited before something is tried once more. */
export interface RetryWaits {
  readonly firstMs: number;
  readonly maxMs: number;
}

export const defaultWaits: RetryWaits = { firstMs: 100, maxMs: 5_000 };

/** What a code says of itself where nobody said when a retry is worth while: longer than most of what passes lasts. */
const unsaidMs = 1_000;

/** The wait after so many attempts; who said when a retry is worth while is heard. */
export const waitMsAfter = (
  attempts: number,
  { retryAfterMs }: Pick<SluiceError, 'retryAfterMs'>,
  { firstMs, maxMs }: RetryWaits,
): number => {
  const own = withJitter(Math.min(firstMs * 2 ** Math.min(attempts - 1, 20), maxMs));
  return retryAfterMs === undefined || retryAfterMs === unsaidMs ? own : Math.max(own, retryAfterMs);
};
