import { fromUnknown } from '@sluice/kernel/errors/from-unknown';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';

/** Where the database is, and what it said, is for the log, which has it from the spool: that asks all the time. */
const asTold = (thrown: unknown): unknown =>
  thrown instanceof SluiceError && thrown.code === 'DATABASE_UNAVAILABLE'
    ? new SluiceError('DATABASE_UNAVAILABLE', 'the database of records cannot be asked now', {
        cause: thrown,
      })
    : thrown;

/**
 * What is being asked of the database, if it comes within so many milliseconds and the caller's own deadline.
 * @throws SluiceError DATABASE_UNAVAILABLE, DEADLINE_EXCEEDED, or why nobody waits any more
 */
export const within = async <T>(work: Promise<T>, ms: number, scope: CallScope): Promise<T> => {
  const { promise: ended, reject } = Promise.withResolvers<never>();
  const { signal } = scope.abort;
  const leftMs = scope.deadlineAt - performance.now();
  const late =
    leftMs < ms
      ? new SluiceError('DEADLINE_EXCEEDED', 'the deadline passed before the database answered')
      : new SluiceError('DATABASE_UNAVAILABLE', `the database did not answer within ${ms} ms`);
  const leave = (): void => reject(fromUnknown(signal.reason));
  const timer = setTimeout(() => reject(late), Math.max(0, Math.min(ms, leftMs)));
  signal.addEventListener('abort', leave);
  if (signal.aborted) leave();
  try {
    return await Promise.race([work, ended]);
  } catch (thrown) {
    throw asTold(thrown);
  } finally {
    clearTimeout(timer);
    signal.removeEventListener('abort', leave);
  }
};
