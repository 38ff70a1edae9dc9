import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { CallInput, EncodedCall } from '../core/call.ts';
import { computed, resolvedCall, served, testRelease, testScope } from '../testing/calls.ts';
import { encode } from './encode.ts';
import { postprocess } from './postprocess.ts';
import { validate } from './validate.ts';

const x = { name: 'x', datatype: 'FP32', shape: [1, 2], data: new Uint8Array(8) } as const;
const asTensors = (input: Partial<Extract<CallInput, { kind: 'tensors' }>>) =>
  resolvedCall({}, { input: { kind: 'tensors', tensors: [x], outputs: [], ...input } });

test('validate passes what fits, features and tensors alike', async () => {
  const handle = validate()(async () => computed());
  for (const call of [resolvedCall({ age: 1, height: null }), asTensors({}), asTensors({ outputs: ['y'] })])
    assert.deepEqual(await handle(call), computed());
});

const refused: readonly [call: ReturnType<typeof resolvedCall>, paths: readonly string[]][] = [
  [resolvedCall({ height: 'tall', shoe: 1 }), ['features.age', 'features.height', 'features.shoe']],
  [asTensors({ tensors: [{ ...x, name: 'z' }] }), ['inputs.z', 'inputs.x']],
  [asTensors({ tensors: [] }), ['inputs.x']],
  [asTensors({ outputs: ['p', 'q'] }), ['outputs.p', 'outputs.q']],
];

for (const [call, paths] of refused) {
  test(`validate refuses with every fault: ${paths.join(', ')}`, async () => {
    const handle = validate()(() => assert.fail('nothing invalid goes further'));
    await assert.rejects(
      async () => handle(call),
      (error: { code?: string; violations?: { path: string }[] }) => {
        assert.equal(error.code, 'INVALID_INPUT');
        assert.deepEqual(
          error.violations?.map(({ path }) => path),
          paths,
        );
        return true;
      },
    );
  });
}

test('encode makes tensors of features, and passes tensors on as they are', async () => {
  const seen: EncodedCall[] = [];
  const handle = encode()(async (call) => {
    seen.push(call);
    return computed();
  });
  await handle(resolvedCall({ age: 40 }));
  await handle(asTensors({ outputs: ['y'] }));
  const [first, second] = seen;
  assert.deepEqual(
    new Float32Array(new Uint8Array(first?.tensors[0]?.data ?? []).buffer),
    Float32Array.of(40, 2),
  );
  assert.deepEqual(first?.outputs, []);
  assert.equal(second?.tensors[0], x);
  assert.deepEqual(second?.outputs, ['y']);
});

test('postprocess names the outputs of features, with the parameters of the revision', async () => {
  const handle = postprocess(() => 25)(async () => computed(0.75));
  const call = resolvedCall();
  const answer = await handle({ ...call, scope: testScope({ arrivedAt: 5 }) });
  assert.deepEqual(answer.outcome, { kind: 'prediction', named: { p: 0.75, old: 'yes' } });
  assert.equal(answer.totalMs, 20);
  assert.equal(answer.predictionId, call.predictionId);
  const strict = await handle({ ...call, parameters: { limit: 0.8 } });
  assert.deepEqual(strict.outcome, { kind: 'prediction', named: { p: 0.75, old: 'no' } });
});

test('postprocess gives tensors back as they are', async () => {
  const handle = postprocess(() => 0)(async () => computed());
  const { outcome, tensors } = await handle(asTensors({}));
  assert.deepEqual(outcome, { kind: 'prediction', named: undefined });
  assert.deepEqual(tensors, computed().outputs);
});

test('a bare release is asked by its tensors, and answers with all of them', async () => {
  const bare = served(testRelease({ manifest: undefined }));
  const handle = postprocess(() => 0)(validate()(encode()(async () => computed(0.5))));
  const { outcome } = await handle(resolvedCall({ x: [1, 2] }, { served: bare }));
  assert.deepEqual(outcome, { kind: 'prediction', named: { y: 0.5 } });
});
