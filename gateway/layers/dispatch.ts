import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Computed, EncodedCall } from '../core/call.ts';
import { type Choice, chooseRuntime, unavailable } from '../core/choose-runtime.ts';
import type { Handler } from '../core/layers.ts';
import type { Quarantine } from '../core/quarantine.ts';
import { type Runtime, RuntimeLost } from '../core/runtime.ts';

export interface DispatchOptions {
  readonly runtimes: () => readonly Runtime[];
  readonly quarantine: Quarantine;
  readonly onRedispatch: () => void;
}

const send = (call: EncodedCall, { runtime, handle }: Choice): Promise<Computed> => {
  const { tensors: inputs, outputs, dueAt, priority, scope } = call;
  const { release } = call.served;
  return runtime.infer(
    { release, handle, inputs, outputs, dueAt, priority, trace: scope.trace },
    scope.abort.signal,
  );
};

/** Sends to one runtime; undefined: it was lost before it answered. */
const trySend = async (
  call: EncodedCall,
  choice: Choice,
  { quarantine }: DispatchOptions,
): Promise<Computed | undefined> => {
  try {
    const computed = await send(call, choice);
    quarantine.answered(call.served.release);
    return computed;
  } catch (error) {
    if (!(error instanceof RuntimeLost)) throw error;
    return undefined;
  }
};

const lost = ({ served: { release } }: EncodedCall, why: string): SluiceError =>
  new SluiceError(
    'RUNTIME_LOST',
    `the runtime was lost while it computed ${release.model} ${release.version}, ${why}`,
    { retryAfterMs: 1_000 },
  );

/**
 * To the least busy runtime that holds the release. What a lost runtime leaves unanswered is sent
 * once more, to another one, and never a third time.
 */
export const dispatch = (options: DispatchOptions): Handler<EncodedCall, Computed> => {
  return async (call) => {
    const { release } = call.served;
    options.quarantine.check(release);
    const first = chooseRuntime(options.runtimes(), release, undefined);
    if (first === undefined) throw unavailable(options.runtimes(), release);
    const computed = await trySend(call, first, options);
    if (computed !== undefined) return computed;
    options.quarantine.check(release);
    const second = chooseRuntime(options.runtimes(), release, first.runtime);
    if (second === undefined) throw lost(call, 'and no other one holds the release');
    options.onRedispatch();
    const again = await trySend(call, second, options);
    if (again !== undefined) return again;
    options.quarantine.lostTwice(release);
    throw lost(call, 'and so was the second one that it was sent to');
  };
};
