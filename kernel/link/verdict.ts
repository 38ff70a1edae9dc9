import type { Code } from '../errors/codes.ts';
import type { SluiceError } from '../errors/sluice-error.ts';

/**
 * What a scorer does about an event that could not be scored; a gateway has to know, too, since what comes again under
 * its id is not recorded yet.
 * `away`: it is tried until it goes: what it needs is away or has too much to do.
 * `stream`: it is tried until it goes, too, but somebody has to change something first.
 * `limited`: it is tried a few times, since the event itself may be why.
 * `never`: it can never be scored.
 */
export type Verdict = 'away' | 'stream' | 'limited' | 'never';

const limited = new Set<Code>(['DEADLINE_EXCEEDED', 'RUNTIME_LOST', 'INTERNAL', 'CANCELLED']);

const ofStream = new Set<Code>([
  'MODEL_NOT_FOUND',
  'RELEASE_NOT_FOUND',
  'RELEASE_BLOCKED',
  'PERMISSION_DENIED',
  'UNAUTHENTICATED',
]);

export const verdictOn = ({ code, meaning }: SluiceError): Verdict => {
  if (limited.has(code)) return 'limited';
  if (ofStream.has(code)) return 'stream';
  return meaning.retryable ? 'away' : 'never';
};
