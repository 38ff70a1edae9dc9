import type { Code } from '@sluice/kernel/errors/codes';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { RuntimeLost } from '../core/runtime.ts';

/**
 * What another Sluice says of its own names and its own requests is nothing that our caller could
 * change: the release is there, but is not served as its manifest says.
 */
const ours: Partial<Record<Code, Code>> = {
  MODEL_NOT_FOUND: 'RELEASE_UNAVAILABLE',
  RELEASE_NOT_FOUND: 'RELEASE_UNAVAILABLE',
  RELEASE_BLOCKED: 'RELEASE_UNAVAILABLE',
  RELEASE_QUARANTINED: 'RELEASE_UNAVAILABLE',
  ROUTE_NOT_FOUND: 'RELEASE_UNAVAILABLE',
  UNIMPLEMENTED: 'RELEASE_UNAVAILABLE',
  DRAINING: 'RELEASE_UNAVAILABLE',
  MALFORMED_REQUEST: 'COMPUTE_FAILED',
  INTERNAL: 'COMPUTE_FAILED',
};

/** The other server's error as a caller of this gateway is to see it, with the server's name and words. */
export const upstreamFault = (url: string, error: SluiceError): Error => {
  const { code, violations, retryAfterMs } = error;
  if (code === 'RUNTIME_LOST') return new RuntimeLost(error.message);
  if (code === 'CANCELLED' || code === 'DEADLINE_EXCEEDED') return error;
  const details = retryAfterMs === undefined ? { violations } : { violations, retryAfterMs };
  return new SluiceError(ours[code] ?? code, `${url} says: ${error.message}`, { ...details, cause: error });
};

/** An answer that does not fit what the release declares. */
export const strangeAnswer = (
  url: string,
  faults: readonly { readonly path: string; readonly message: string }[],
): SluiceError => {
  const told = faults.map(({ path, message }) => `${path}: ${message}`).join('; ');
  return new SluiceError(
    'COMPUTE_FAILED',
    `${url} gave an answer that does not fit the release's signature: ${told}`,
  );
};
