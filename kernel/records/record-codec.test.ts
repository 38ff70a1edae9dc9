import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct, toStruct } from '../features/struct.ts';
import { loadRecordCodecs } from './record-codec.ts';

const { record, feedback } = loadRecordCodecs();

test('a record comes back as it was written', () => {
  const bytes = record.encode({
    predictionId: '01a1fd8c-64c5-7d29-80ef-f27aad01d3bc',
    model: 'churn',
    revision: 42,
    input: { features: toStruct({ tenure: 5, contract: 'One year', missing: null }) },
    outcome: {
      tensors: { tensors: [{ name: 'y', datatype: 'FP32', shape: [1, -1], raw: Buffer.of(1, 2) }] },
    },
    timings: { queueMs: 0.5, computeMs: 0.25, totalMs: 1 },
  });
  const read = record.decode(bytes);
  assert.equal(read.revision, 42);
  assert.equal(read.synthetic, false);
  assert.deepEqual(fromStruct(read.input?.features ?? null), {
    tenure: 5,
    contract: 'One year',
    missing: null,
  });
  assert.deepEqual(read.outcome?.tensors?.tensors[0], {
    name: 'y',
    datatype: 'FP32',
    shape: [1, -1],
    raw: Buffer.of(1, 2),
  });
  assert.deepEqual(read.timings, { queueMs: 0.5, computeMs: 0.25, totalMs: 1 });
});

test('a reward of 0 is no missing reward', () => {
  assert.equal(feedback.decode(feedback.encode({ reward: 0 })).reward, 0);
  assert.equal(feedback.decode(feedback.encode({})).reward, undefined);
});

test('bytes that are no record are an error', () => {
  assert.throws(() => record.decode(Buffer.from('no record')));
});
