import type { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { CallScope } from '@sluice/kernel/telemetry/call-scope';
import { ByteCounts } from '../core/admission/byte-counts.ts';
import { Gates } from '../core/admission/gates.ts';
import type { Answer, TimedCall } from '../core/call.ts';
import { admission } from '../layers/admission.ts';
import { computed, testCall, testRelease, testScope } from './calls.ts';

export const answer: Answer = {
  predictionId: 'p',
  release: testRelease(),
  tensors: [],
  outcome: { kind: 'prediction', named: {} },
  timings: computed().timings,
  warnings: [],
  totalMs: 1,
};

/** The layer with one model `m`, over a handler that the test answers by hand. */
export const startAdmission = (more: { max?: number; maxWaiting?: number; maxBytes?: number } = {}) => {
  const { max = 1, maxWaiting = 2, maxBytes = 1_000 } = more;
  const models = new Map([['m', 1]]);
  const gates = new Gates({
    limit: { targetMs: 5, max },
    maxWaiting,
    maxWaitingTotal: 100,
    models: () => models,
    now: () => 0,
  });
  const bytes = new ByteCounts({ max: 10 * maxBytes, maxPerConnection: maxBytes });
  const clock = { now: 0 };
  const refused: string[] = [];
  const below: { readonly call: TimedCall; readonly done: PromiseWithResolvers<Answer> }[] = [];
  const layer = admission({
    gates,
    bytes,
    now: () => clock.now,
    onRefused: (model, reason) => refused.push(`${model} ${reason}`),
  });
  const handle = layer((call) => {
    const done = Promise.withResolvers<Answer>();
    below.push({ call, done });
    return done.promise;
  });
  return { handle, below, bytes, clock, refused, gate: gates.of('m') };
};

export const callOf = (more: Partial<TimedCall> = {}, scope: Partial<CallScope> = {}): TimedCall => ({
  ...testCall(),
  scope: testScope(scope),
  dueAt: 1_000,
  trail: {},
  ...more,
});

/** An input of so many bytes. */
export const bytesOf = (length: number): TimedCall['input'] => ({
  kind: 'tensors',
  tensors: [{ name: 'x', datatype: 'UINT8', shape: [length], data: new Uint8Array(length) }],
  outputs: [],
});

/** Lets continuations of settled promises run. */
export const turn = (): Promise<void> => new Promise((resolve) => setImmediate(resolve));

/** `OK` or the code. */
export const outcomeOf = (promise: Promise<Answer>): Promise<string> =>
  promise.then(
    () => 'OK',
    (error: SluiceError) => error.code,
  );

/** A stream that counts how often it is held. */
export const streamFlow = () => {
  let holds = 0;
  const change = (by: number) => (): void => {
    holds += by;
  };
  return { hold: change(1), release: change(-1), holds: () => holds };
};
