import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMessageTypes } from '../message-types.ts';
import { messageSchemas } from './message-schemas.ts';

const types = loadMessageTypes();

test('a message is described by its .proto file, with all that it holds', () => {
  const schemas = messageSchemas([types('sluice.v1.PredictResponse')], ({ jsonName }) => jsonName);
  assert.deepEqual(Object.keys(schemas).toSorted(), [
    'sluice.v1.PredictResponse',
    'sluice.v1.Prediction',
    'sluice.v1.Refusal',
    'sluice.v1.ReleaseName',
    'sluice.v1.Timings',
  ]);
  assert.deepEqual(schemas['sluice.v1.Timings'], {
    type: 'object',
    properties: {
      queueMs: { type: 'number', description: "Waiting in the runtime's queue." },
      computeMs: { type: 'number', description: 'Computing, as one member of its batch.' },
      totalMs: { type: 'number', description: "From the gateway's edge to its reply." },
    },
  });
});

test('a property has the name that the JSON form uses', () => {
  const schemas = messageSchemas([types('inference.ModelConfig')], ({ protoName }) => protoName);
  const { properties } = schemas['inference.ModelConfig'] as { properties: Record<string, unknown> };
  assert.deepEqual(properties['max_batch_size'] instanceof Object, true);
});
