import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { toStruct } from '@sluice/kernel/features/struct';
import type { Features } from '@sluice/kernel/features/value';
import { loadProtos } from '@sluice/protos/load';
import { testScope } from '../testing/calls.ts';
import { decodePredict } from './decode-predict.ts';

const codec = loadProtos().sluice.v1.PredictRequest;
const decode = (message: Parameters<typeof codec.serialize>[0], scope = testScope()) =>
  decodePredict(codec.deserialize(codec.serialize(message)), scope);

test('a request becomes a call with features and a prediction id of its own', () => {
  const features = { age: 40, city: null, list: [1, [true]] };
  const call = decode({
    model: 'm',
    version: '1',
    entityId: 'e',
    requestId: 'r',
    features: toStruct(features),
    parameters: toStruct({ priority: 2, timeout: 1_500, mine: 'x' }),
  });
  const { model, version, entityId, requestId, priority, timeoutUs, input, sentParameters } = call;
  assert.deepEqual(
    [model, version, entityId, requestId, priority, timeoutUs],
    ['m', '1', 'e', 'r', 2, 1_500],
  );
  assert.ok(input.kind === 'features');
  assert.deepEqual(input.features, features);
  assert.deepEqual(sentParameters, { priority: 2, timeout: 1_500, mine: 'x' });
  assert.match(call.predictionId, /^[0-9a-f]{8}-[0-9a-f]{4}-7[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/);
  assert.notEqual(decode({ model: 'm' }).predictionId, decode({ model: 'm' }).predictionId);
});

test('what is left out has its default', () => {
  const { version, requestId, priority, timeoutUs, input } = decode({ model: 'm' });
  assert.deepEqual([version, requestId, priority, timeoutUs], ['', '', 0, undefined]);
  assert.deepEqual(input, { kind: 'features', features: {} });
});

test('the entity id of the message wins over that of the header', () => {
  const scope = testScope({ entityId: 'header' });
  assert.equal(decode({ model: 'm', entityId: 'message' }, scope).entityId, 'message');
  assert.equal(decode({ model: 'm' }, scope).entityId, 'header');
});

test('a request without a model cannot be read', () => {
  assert.throws(() => decode({ features: toStruct({ a: 1 }) }), { code: 'MALFORMED_REQUEST' });
});

const bad: readonly [parameters: Features, path: string, message: RegExp][] = [
  [{ priority: 'high' }, 'parameters.priority', /got the string 'high'/],
  [{ priority: -1 }, 'parameters.priority', /got the number -1/],
  [{ timeout: 1.5 }, 'parameters.timeout', /got the number 1\.5/],
  [{ timeout: Number.NaN }, 'parameters.timeout', /got the number NaN/],
  [{ timeout: [1] }, 'parameters.timeout', /got a list of 1/],
];

for (const [parameters, path, message] of bad) {
  test(`a parameter of the wrong type is refused: ${JSON.stringify(parameters)}`, () => {
    assert.throws(
      () => decode({ model: 'm', parameters: toStruct(parameters) }),
      (error) => {
        assert.ok(error instanceof SluiceError && error.code === 'INVALID_INPUT');
        assert.equal(error.violations[0]?.path, path);
        assert.match(error.message, message);
        return true;
      },
    );
  });
}

test('null and 0 mean that there is no timeout', () => {
  for (const timeout of [null, 0])
    assert.equal(decode({ model: 'm', parameters: toStruct({ timeout }) }).timeoutUs, undefined);
});
