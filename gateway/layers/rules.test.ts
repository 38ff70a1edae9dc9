import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { Statistics } from '@sluice/kernel/oip/statistics';
import { parseManifest } from '@sluice/kernel/release/manifest';
import { bytesOf } from '@sluice/kernel/tensor/numbers';
import type { Answer, ResolvedCall } from '../core/call.ts';
import { callOf, startAdmission } from '../testing/admission.ts';
import { computed, resolvedCall, served, testRelease } from '../testing/calls.ts';
import { measure } from './measure.ts';
import { postprocess } from './postprocess.ts';
import { rules } from './rules.ts';

const manifest = parseManifest(`
apiVersion: sluice/v1
model: m
version: 1.0.0
features:
  - { name: age, type: number, tensor: x, column: 0, required: true }
  - { name: twice, type: number, derived: age * 2, tensor: x, column: 1 }
outputs: { p: { tensor: y } }
rules:
  - { when: age < 18, code: TOO_YOUNG, message: "\${age}" }
  - { when: outputs.p > 0.8, code: TOO_SURE, message: "\${outputs.p}", on: output }
`);
const release = testRelease({ manifest });

/** The layers around a graph that gives `p`, and the calls that reach it. */
const around = (p: number) => {
  const seen: ResolvedCall[] = [];
  const handle = postprocess(() => 0)(
    rules()(async (call) => {
      seen.push(call);
      return computed(p);
    }),
  );
  return { seen, handle };
};
const asked = (age: number) => resolvedCall({ age }, { served: served(release) });
const askedRows = (rows: readonly number[], outputs: readonly string[] = []) => {
  const data = bytesOf(Float32Array.from(rows.flatMap((age) => [age, 0])));
  const tensors = [{ name: 'x', datatype: 'FP32', shape: [rows.length, 2], data } as const];
  return { ...asked(0), input: { kind: 'tensors', tensors, outputs } } as const;
};
const codeOf = ({ outcome }: Answer): string => (outcome.kind === 'refusal' ? outcome.code : outcome.kind);

test('derived features go on, and what is refused goes no further', async () => {
  const { handle, seen } = around(0.5);
  assert.equal(codeOf(await handle(asked(20))), 'prediction');
  assert.deepEqual(seen[0]?.input, { kind: 'features', features: { age: 20, twice: 40 } });
  const refused = await handle(asked(17));
  assert.deepEqual(refused.outcome, { kind: 'refusal', code: 'TOO_YOUNG', message: '17' });
  assert.deepEqual([refused.tensors, refused.timings], [[], undefined]);
  assert.equal(seen.length, 1);
});

test('what is refused after the model was computed, and its tensors are kept back', async () => {
  const { handle } = around(0.875);
  const refused = await handle(asked(20));
  assert.deepEqual(refused.outcome, { kind: 'refusal', code: 'TOO_SURE', message: '0.875' });
  assert.deepEqual(refused.tensors, []);
  assert.deepEqual(refused.timings, computed().timings);
});

test('tensors are judged by the features that they are made of, each row', async () => {
  const { handle, seen } = around(0.5);
  assert.equal(codeOf(await handle(askedRows([20]))), 'prediction');
  assert.deepEqual((await handle(askedRows([20, 17]))).outcome, {
    kind: 'refusal',
    code: 'TOO_YOUNG',
    message: 'row 1: 17',
  });
  assert.equal(codeOf(await handle(askedRows([]))), 'prediction');
  assert.equal(seen.length, 2);
});

test('for rules on outputs all are asked for, and those that were wanted come back', async () => {
  const { handle, seen } = around(0.5);
  const { tensors } = await handle(askedRows([20], ['y']));
  const [first] = seen;
  assert.deepEqual(first?.input.kind === 'tensors' && first.input.outputs, []);
  assert.deepEqual(
    tensors.map(({ name }) => name),
    ['y'],
  );
});

test('more rows than rules can judge at once are an invalid input', async () => {
  const slow = served(release);
  const call = { ...askedRows([20, 21]), served: { ...slow, rules: { ...slow.rules, steps: 600_000 } } };
  await assert.rejects(
    around(0.5).handle(call),
    (error) => error instanceof SluiceError && /expected at most 1 rows.*, got 2/.test(error.message),
  );
});

test('a refusal is neither a success nor a failure of the release, unless it was computed', async () => {
  const statistics = new Statistics();
  const observed: string[] = [];
  const observe = (_: ResolvedCall, answer: Answer): void => {
    observed.push(codeOf(answer));
  };
  const options = { statistics, now: () => 0, observe };
  await measure(options)(around(0.5).handle)(asked(17));
  const counts = statistics.of(release);
  assert.deepEqual([counts.success.count, counts.fail.count, counts.inferenceCount], [0, 0, 0]);
  await measure(options)(around(0.9).handle)(asked(20));
  assert.deepEqual([counts.success.count, counts.fail.count, counts.inferenceCount], [1, 0, 1]);
  assert.deepEqual(observed, ['TOO_YOUNG', 'TOO_SURE']);
});

test('admission learns nothing of the runtimes from what was never computed', async (t) => {
  const { handle, below, gate } = startAdmission();
  const observed = t.mock.method(gate, 'observe');
  const pending = handle(callOf());
  below[0]?.done.resolve(await around(0.5).handle(asked(17)));
  assert.equal(codeOf(await pending), 'TOO_YOUNG');
  assert.equal(observed.mock.callCount(), 0);
  assert.equal(gate.inFlight, 0);
});
