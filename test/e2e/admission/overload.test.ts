import assert from 'node:assert/strict';
import { afterEach, beforeEach, suite, test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { waitFor } from '../../support/wait-for.ts';
import type { Outcome } from '../bad-input/row.ts';
import { type Flooded, features, startFlooded, tensors } from './flooded.ts';

const maxWaiting = 3;
const answered = { answered: ['y0'] };

suite('a model that is asked more than it can answer', () => {
  let flooded: Flooded;
  // For each test anew: where it is known how fast the model answers, hints are others, and who would be late is refused.
  beforeEach(async () => {
    flooded = await startFlooded({ ADMISSION_MAX_IN_FLIGHT: '1', MAX_WAITING: String(maxWaiting) });
  });
  afterEach(() => flooded[Symbol.asyncDispose]());

  /** Stops the model with one request admitted and as many waiting as may; what becomes of them. */
  const flood = async (): Promise<Promise<Outcome>[]> => {
    flooded.stop();
    const first = flooded.unary(tensors());
    await flooded.until(1, 0);
    const waiting = Array.from({ length: maxWaiting }, () => flooded.unary(tensors()));
    await flooded.until(1, maxWaiting);
    return [first, ...waiting];
  };

  test('who goes away while it waits leaves, and the deadline counts while it waits', async () => {
    const patient = await flood();
    const gone = flooded.clients.inference.ModelInfer(
      { modelName: 'still', parameters: { priority: { int64Param: 1 } } },
      () => undefined,
    );
    await waitFor('one to be displaced', async () => (await flooded.refused('still', 'displaced')) > 0);
    gone.cancel();
    await flooded.until(1, maxWaiting - 1);
    // How fast it answers is not known yet, so this one is let wait.
    const late = await flooded.unary({
      infer: { model: 'still', inputs: [], parameters: { timeout: 100_000 } },
    });
    assert.ok('refused' in late && late.refused.code === 'DEADLINE_EXCEEDED');
    await flooded.until(1, maxWaiting - 1);
    flooded.goOn();
    const outcomes = await Promise.all(patient);
    assert.equal(outcomes.filter((outcome) => 'answered' in outcome).length, maxWaiting);
  });

  /** Asks the other model at every door. */
  const askQuick = async (): Promise<void> => {
    for (const send of [flooded.unary, flooded.rest])
      for (const request of [tensors({ model: 'quick' }), features({ model: 'quick' })])
        for (let count = 0; count < 100; count += 1) assert.deepEqual(await send(request), answered);
  };

  test('further requests are refused at every door with a retry hint, and another model does not notice', async () => {
    const { unary, rest } = flooded;
    const before = await flooded.refused('still', 'full');
    const patient = await flood();
    const doors = [
      { send: unary, request: tensors(), expected: status.RESOURCE_EXHAUSTED },
      { send: unary, request: features(), expected: status.RESOURCE_EXHAUSTED },
      { send: rest, request: tensors(), expected: 429 },
      { send: rest, request: features(), expected: 429 },
    ];
    for (const { send, request, expected } of doors) {
      for (const outcome of await Promise.all(Array.from({ length: 25 }, () => send(request)))) {
        assert.ok('refused' in outcome);
        const { code, status: number, message, retryAfterMs } = outcome.refused;
        assert.deepEqual([code, number, retryAfterMs], ['OVERLOADED', expected, 1_000]);
        assert.match(message, /not admitted: as many requests as may wait for the model are waiting/);
      }
    }
    await askQuick();
    assert.equal((await flooded.refused('still', 'full')) - before, 100);
    assert.equal(await flooded.refused('quick', 'full'), 0);
    flooded.goOn();
    for (const outcome of await Promise.all(patient)) assert.deepEqual(outcome, answered);
    await flooded.until(0, 0);
  });

  test('the log has a line a second about it, and none for each', async () => {
    const { lines } = flooded.gateway;
    const patient = await flood();
    await Promise.all(Array.from({ length: 200 }, () => flooded.unary(tensors())));
    flooded.goOn();
    await Promise.all(patient);
    const refused = (await flooded.refused('still', 'full')) + (await flooded.refused('still', 'displaced'));
    const told = () => lines.filter(({ msg }) => msg === 'overloaded');
    await waitFor(
      'the log to tell of every refusal',
      () => told().reduce((sum, { total }) => sum + Number(total), 0) === refused,
    );
    assert.ok(told().every(({ level }) => level === 'warn'));
    assert.deepEqual(
      lines.filter(({ code }) => code === 'OVERLOADED'),
      [],
    );
  });

  test('urgent requests overtake, and take the place of the last one when nobody else may wait', async () => {
    const [first, second, third, last] = await flood();
    const order: string[] = [];
    const noting = (name: string, outcome: Promise<Outcome> | undefined): Promise<unknown> =>
      outcome === undefined ? assert.fail() : outcome.then(() => order.push(name));
    const early = [noting('first', first), noting('second', second), noting('third', third)];
    const urgent = [
      noting('urgent', flooded.unary(tensors({ priority: 50 }))),
      last?.then((outcome) => {
        assert.ok('refused' in outcome && outcome.refused.code === 'OVERLOADED');
        assert.match(outcome.refused.message, /a more urgent request took the last place/);
      }),
    ];
    await urgent[1];
    const unimportant = await flooded.unary(tensors({ priority: 101 }));
    assert.ok('refused' in unimportant);
    flooded.goOn();
    await Promise.all([...early, ...urgent]);
    assert.deepEqual(order, ['first', 'urgent', 'second', 'third']);
  });
});
