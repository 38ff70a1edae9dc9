import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Balancer } from '../core/balancer.ts';
import type { Computed, EncodedCall } from '../core/call.ts';
import type { Handler } from '../core/layers.ts';
import type { OnDemand } from '../core/on-demand.ts';
import type { Quarantine } from '../core/quarantine.ts';
import { unavailable } from '../core/release-state.ts';
import type { RetryBudget } from '../core/retry-budget.ts';
import type { Candidate } from '../core/route.ts';
import { RuntimeLost, RuntimeStalled } from '../core/runtime.ts';

export interface DispatchOptions {
  readonly balancer: Balancer;
  readonly budget: RetryBudget;
  readonly quarantine: Quarantine;
  readonly onDemand: Pick<OnDemand, 'candidate'>;
  readonly onRedispatch: () => void;
  /** A request was not sent once more, because the budget is empty. */
  readonly onBudgetEmpty: () => void;
}

/** How a runtime left a request without an answer. */
type Left = RuntimeLost | RuntimeStalled;

const send = (call: EncodedCall, { runtime, handle }: Candidate, again: boolean): Promise<Computed> => {
  const { tensors: inputs, outputs, dueAt, priority, scope } = call;
  const { release } = call.served;
  return runtime.infer(
    { release, handle, inputs, outputs, dueAt, priority, trace: scope.sampledTrace, again },
    scope.abort.signal,
  );
};

const isLeft = (thrown: unknown): thrown is Left =>
  thrown instanceof RuntimeLost || thrown instanceof RuntimeStalled;

interface Attempt {
  readonly to: Candidate;
  readonly again: boolean;
  /** Where the runtime left it: what is answered then. */
  readonly onLeft: (left: Left) => Promise<Computed>;
}

/** Sends to one runtime, and tells the balancer what came of it. */
const trySend = async (
  call: EncodedCall,
  { to, again, onLeft }: Attempt,
  { balancer, quarantine }: DispatchOptions,
): Promise<Computed> => {
  const { costUs } = to.route;
  let left: Left;
  to.standing.begin(costUs);
  try {
    const computed = await send(call, to, again);
    balancer.answered(to, computed.timings);
    quarantine.answered(call.served.release);
    return computed;
  } catch (error) {
    if (error instanceof SluiceError) balancer.failed(to, error);
    if (!isLeft(error)) throw error;
    left = error;
  } finally {
    to.standing.end(costUs);
  }
  return onLeft(left);
};

const lost = (
  { served: { release } }: EncodedCall,
  left: Left,
  why: string,
  retryAfterMs = 1_000,
): SluiceError => {
  const name = `${release.model} ${release.version}`;
  const what =
    left instanceof RuntimeStalled
      ? `the runtime stopped answering while it computed ${name}`
      : `the runtime was lost while it computed ${name}${left.told === '' ? '' : `: ${left.told}`}`;
  return new SluiceError('RUNTIME_LOST', `${what}, ${why}`, { retryAfterMs });
};

/** One that holds the release, or will in a moment. */
const candidateFor = async (
  { served: { release }, scope }: EncodedCall,
  { balancer, onDemand }: DispatchOptions,
  without?: Candidate,
): Promise<Candidate | undefined> =>
  balancer.choose(release, without?.runtime) ??
  (await onDemand.candidate(release, scope.abort.signal, without?.runtime));

/** The runtime that gets what the first one left. @throws SluiceError RUNTIME_LOST where there is none. */
const secondFor = async (
  call: EncodedCall,
  first: Candidate,
  left: Left,
  options: DispatchOptions,
): Promise<Candidate> => {
  const { budget, onBudgetEmpty } = options;
  const second = await candidateFor(call, options, first);
  if (second === undefined) throw lost(call, left, 'and no other one holds the release');
  // Who takes back what has stalled has withdrawn for it.
  if (left instanceof RuntimeStalled || budget.withdraw()) return second;
  onBudgetEmpty();
  throw lost(call, left, 'and the budget for sending requests once more is empty');
};

/**
 * To a runtime that holds the release and has little to do. What a lost or stalled runtime leaves
 * unanswered is sent once more, to another one, within the retry budget, and never a third time.
 */
export const dispatch = (options: DispatchOptions): Handler<EncodedCall, Computed> => {
  const { balancer, budget, quarantine } = options;
  const sendAgain = async (call: EncodedCall, first: Candidate, left: Left): Promise<Computed> => {
    const { release } = call.served;
    const isolatedMs = quarantine.leftMs(release);
    if (isolatedMs > 0) throw lost(call, left, 'and the release is in quarantine', isolatedMs);
    const to = await secondFor(call, first, left, options);
    options.onRedispatch();
    const onLeft = async (again: Left): Promise<never> => {
      if (left instanceof RuntimeLost) quarantine.lostTwice(release);
      throw lost(call, again, 'and so was the second one that it was sent to');
    };
    return trySend(call, { to, again: true, onLeft }, options);
  };
  const sendFirst = (call: EncodedCall, to: Candidate): Promise<Computed> =>
    trySend(call, { to, again: false, onLeft: (left) => sendAgain(call, to, left) }, options);
  const sendLater = async (call: EncodedCall): Promise<Computed> => {
    const { release } = call.served;
    const first = await candidateFor(call, options);
    if (first !== undefined) return sendFirst(call, first);
    quarantine.check(release);
    throw unavailable(balancer.runtimes, release);
  };
  return (call) => {
    const { release } = call.served;
    quarantine.check(release);
    budget.deposit();
    const first = balancer.choose(release);
    return first === undefined ? sendLater(call) : sendFirst(call, first);
  };
};
