import { randomUUID } from 'node:crypto';
import { SluiceError } from './sluice-error.ts';

/**
 * The one funnel from `unknown`: what is not a SluiceError becomes INTERNAL with a fixed text and a
 * correlation id. The cause stays with the error, for the log only.
 */
export const fromUnknown = (thrown: unknown): SluiceError => {
  if (thrown instanceof SluiceError) return thrown;
  const correlationId = randomUUID();
  return new SluiceError('INTERNAL', `internal error, correlation id ${correlationId}`, {
    cause: thrown,
    correlationId,
  });
};
