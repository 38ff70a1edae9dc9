import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Answer, Call, TimedCall } from '../core/call.ts';
import type { Layer } from '../core/layers.ts';

export interface DeadlineOptions {
  /** For requests that bring none. */
  readonly defaultMs: number;
  readonly now: () => number;
}

/** What setTimeout can wait for; longer ones would end at once. */
const longestTimerMs = 2 ** 31 - 1;

const exceeded = (when: string): SluiceError =>
  new SluiceError('DEADLINE_EXCEEDED', `the deadline passed ${when}`);

/** The caller's deadline, shortened by the request's own timeout. */
const dueAt = ({ scope, timeoutUs }: Call, { defaultMs }: DeadlineOptions): number => {
  const callers = Number.isFinite(scope.deadlineAt) ? scope.deadlineAt : scope.arrivedAt + defaultMs;
  return timeoutUs === undefined ? callers : Math.min(callers, scope.arrivedAt + timeoutUs / 1000);
};

/** Gives every call a deadline, and aborts it there. */
export const deadline = (options: DeadlineOptions): Layer<Call, Answer, TimedCall, Answer> => {
  return (next) => async (call) => {
    const due = dueAt(call, options);
    const remainingMs = due - options.now();
    if (remainingMs <= 0) throw exceeded('before the request arrived');
    const { abort } = call.scope;
    const timer = setTimeout(
      () => abort.abort(exceeded('before there was an answer')),
      Math.min(remainingMs, longestTimerMs),
    );
    try {
      return await next({ ...call, dueAt: due, trail: {} });
    } finally {
      clearTimeout(timer);
    }
  };
};
