import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import type { Answer } from '../core/call.ts';
import { answer, callOf, outcomeOf, startAdmission, turn } from '../testing/admission.ts';
import { computed, testRelease } from '../testing/calls.ts';

/** Answers eleven calls in a row, ten milliseconds each, and tells the limit that is left of 100. */
const limitAfter = async (end: (done: PromiseWithResolvers<Answer>) => void): Promise<number> => {
  const { handle, below, clock, gate } = startAdmission({ max: 100 });
  const crowd = Array.from({ length: 50 }, () => outcomeOf(handle(callOf())));
  for (let index = 0; index <= 10; index += 1) {
    clock.now += 10;
    const one = below[index]?.done;
    if (one !== undefined) end(one);
    await turn();
  }
  for (const { done } of below) done.resolve(answer);
  await Promise.all(crowd);
  return gate.limit;
};

const slowly = (queueUs: number, maxDelayMs = 0): Answer => ({
  ...answer,
  release: testRelease({ batching: { maxSize: 8, preferredSizes: [], maxDelayMs } }),
  timings: { ...computed().timings, queueUs },
});

test('the limit follows the delay that the answers tell of', async () => {
  assert.equal(await limitAfter(({ resolve }) => resolve(slowly(4_000))), 100);
  assert.ok((await limitAfter(({ resolve }) => resolve(slowly(50_000)))) < 50);
});

test('a release that asks for a delay to gather a batch is not overloaded by that', async () => {
  assert.equal(await limitAfter(({ resolve }) => resolve(slowly(54_000, 50))), 100);
});

for (const [code, isSign] of [
  ['QUEUE_FULL', true],
  ['DEADLINE_EXCEEDED', true],
  ['CANCELLED', true],
  ['INVALID_INPUT', false],
  ['RUNTIME_LOST', false],
] as const) {
  test(`${code} ${isSign ? 'after a while below admission is a sign of overload' : 'says nothing about the load'}`, async () => {
    const limit = await limitAfter(({ reject }) => reject(new SluiceError(code, 'no')));
    assert.equal(limit < 50, isSign, `${limit}`);
  });
}
