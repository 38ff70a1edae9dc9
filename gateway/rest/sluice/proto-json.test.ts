import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import type { PredictRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictRequest';
import { loadMessageTypes } from '../message-types.ts';
import { fromProtoJson, toProtoJson } from './proto-json.ts';

const types = loadMessageTypes();
const request = types('sluice.v1.PredictRequest');
const read = (json: unknown) => fromProtoJson<PredictRequest__Output>(request, json);

test('a request comes out as the gRPC door has it, by either kind of names', () => {
  const features = { number: 1.5, text: 'a', flag: true, nothing: null, list: [1, [2]], object: { a: 1 } };
  for (const json of [
    { model: 'm', entityId: 'e', features },
    { model: 'm', entity_id: 'e', features },
  ]) {
    const message = read(json);
    assert.equal(message.entityId, 'e');
    assert.equal(message.version, '');
    assert.equal(message.requestId, '');
    assert.equal(message.parameters, null);
    assert.equal(message.features?.fields['text']?.kind, 'stringValue');
    assert.deepEqual(fromStruct(message.features), features);
  }
});

for (const [json, message] of [
  [{ modle: 'm' }, /^PredictRequest: unknown field: "modle"/],
  [{ model: 1 }, /PredictRequest\.model: expected string: 1/],
  [{ features: [] }, /Struct must be an object/],
  [{ features: { x: Number.POSITIVE_INFINITY } }, /non-finite/],
  [{ entityId: 'a', entity_id: 'b' }, /duplicate field/],
  [[], /expected object/],
  [null, /expected object/],
  ['x'.repeat(10_000), /^.{1,300}$/],
] as const) {
  test(`${JSON.stringify(json).slice(0, 60)} is malformed: ${message.source}`, () => {
    assert.throws(() => read(json), { code: 'MALFORMED_REQUEST', message });
  });
}

test('features nested beyond reason are refused, not followed', () => {
  const deep = JSON.parse('['.repeat(5_000) + ']'.repeat(5_000)) as unknown;
  assert.throws(() => read({ features: { deep } }), { code: 'MALFORMED_REQUEST' });
});

test('an answer has its defaults, and lacks what is absent', () => {
  const release = {
    release: { name: 'm', version: '1', digest: '' },
    state: 'RELEASE_STATE_READY',
    provenance: null,
  };
  assert.deepEqual(toProtoJson(types('sluice.v1.GetReleaseResponse'), { release }), {
    release: {
      release: { name: 'm', version: '1', digest: '' },
      description: '',
      state: 'RELEASE_STATE_READY',
      reason: '',
      isDefault: false,
      blockedReason: '',
      deprecatedReason: '',
      aliases: [],
    },
  });
});

test('outputs are plain JSON', () => {
  const outputs = { label: 'yes', interval: { lower: 0, upper: 1.5 }, none: null, list: [] };
  const json = toProtoJson(types('sluice.v1.PredictResponse'), {
    prediction: { outputs: toStruct(outputs) },
    timings: { queueMs: 0, computeMs: 0.25, totalMs: 1 },
  });
  assert.deepEqual(json['prediction'], { outputs });
  assert.deepEqual(json['timings'], { queueMs: 0, computeMs: 0.25, totalMs: 1 });
});
