import assert from 'node:assert/strict';
import { getEventListeners } from 'node:events';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import fc from 'fast-check';
import type { TimedCall } from '../core/call.ts';
import {
  answer,
  bytesOf,
  callOf,
  outcomeOf,
  startAdmission,
  streamFlow,
  turn,
} from '../testing/admission.ts';

const step = fc.oneof(
  fc.record({
    kind: fc.constant('call' as const),
    priority: fc.nat(2),
    isStreamed: fc.boolean(),
    length: fc.nat(600),
  }),
  fc.record({ kind: fc.constantFrom('answer' as const, 'fail' as const, 'abort' as const), index: fc.nat() }),
  fc.record({ kind: fc.constant('turn' as const) }),
);
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never;

/** Calls, answers, failures and aborts, in any order. */
const createPlay = () => {
  const { handle, below, gate, bytes } = startAdmission({ max: 3 });
  const stream = streamFlow();
  const calls: TimedCall[] = [];
  const outcomes: Promise<string>[] = [];
  const ask = ({ priority, isStreamed, length }: Extract<Step, { kind: 'call' }>): void => {
    const call = callOf({ priority, input: bytesOf(length) }, isStreamed ? { stream } : {});
    calls.push(call);
    outcomes.push(outcomeOf(handle(call)));
  };
  const settle = ({ kind, index }: Extract<Step, { index: number }>): void => {
    const done = below[index % below.length]?.done;
    if (kind === 'answer') done?.resolve(answer);
    else if (kind === 'fail') done?.reject(new SluiceError('QUEUE_FULL', 'full'));
    else calls[index % calls.length]?.scope.abort.abort(new SluiceError('CANCELLED', 'gone'));
  };
  const play = async (one: Step): Promise<void> => {
    if (one.kind === 'call') ask(one);
    else if (one.kind === 'turn') await turn();
    else settle(one);
    assert.ok(gate.inFlight <= 3);
  };
  /** Answers whatever comes, until all has ended. */
  const finish = async (): Promise<void> => {
    for (let index = 0; index <= calls.length; index += 1) {
      for (const { done } of below) done.resolve(answer);
      await turn();
    }
    assert.equal((await Promise.all(outcomes)).length, calls.length);
    assert.equal(new Set(below.map(({ call }) => call)).size, below.length, 'nobody is admitted twice');
    assert.deepEqual([gate.inFlight, gate.waiting, bytes.total, stream.holds()], [0, 0, 0, 0]);
    for (const { scope } of calls) assert.equal(getEventListeners(scope.abort.signal, 'abort').length, 0);
  };
  return { play, finish };
};

test('whatever is aborted, answered or failed at whatever moment, everything ends once and all is released', async () => {
  await fc.assert(
    fc.asyncProperty(fc.array(step, { maxLength: 60, size: 'max' }), async (steps) => {
      const { play, finish } = createPlay();
      for (const one of steps) await play(one);
      await finish();
    }),
    { numRuns: 200 },
  );
});
