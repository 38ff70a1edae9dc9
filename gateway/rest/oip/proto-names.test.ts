import assert from 'node:assert/strict';
import { test } from 'node:test';
import { loadMessageTypes } from '../message-types.ts';
import { protoNames } from './proto-names.ts';

const types = loadMessageTypes();

test('a configuration is written with the names of the .proto file, numbers as numbers, defaults too', () => {
  const config = protoNames(types('inference.ModelConfig'), {
    name: 'm',
    maxBatchSize: 4,
    input: [{ name: 'x', dataType: 'TYPE_FP32', dims: ['-1', 8] }],
    parameters: { someKey: { stringValue: 'v' } },
  });
  assert.equal(config['max_batch_size'], 4);
  assert.deepEqual(config['output'], []);
  assert.deepEqual(config['parameters'], { someKey: { string_value: 'v' } });
  assert.ok(!('version_policy' in config), 'a message that is absent stays absent');
  const [input] = config['input'] as Record<string, unknown>[];
  assert.equal(input?.['data_type'], 'TYPE_FP32');
  assert.deepEqual(input?.['dims'], [-1, 8]);
});
