import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { RecordedTensor } from '@sluice/protos/gen/sluice/v1/RecordedTensor';
import { featuresJson, outcomeOf, outputsJson } from './payload.ts';
import { codecs, record } from './testing/lake.ts';

const tensor = (name: string, datatype: string, raw: Buffer): RecordedTensor => ({
  name,
  datatype,
  shape: [-1],
  raw,
});
const decoded = (more: Parameters<typeof record>[1]) =>
  codecs.record.decode(codecs.record.encode(record(1, more)));

test('tensors are flat values by name; what JSON cannot say exactly is a text, what it cannot say at all, or not in a few words, is null', () => {
  const tensors = [
    tensor('x', 'FP32', Buffer.from(Float32Array.of(0.5, Number.NaN).buffer)),
    tensor('id', 'INT64', Buffer.from(BigInt64Array.of(7n, 2n ** 60n).buffer)),
    tensor('half', 'FP16', Buffer.alloc(2)),
    tensor('odd', 'COMPLEX', Buffer.alloc(2)),
    tensor('large', 'FP32', Buffer.alloc(8_196)),
  ];
  const { input, outcome } = decoded({ input: { tensors: { tensors } }, outcome: { tensors: { tensors } } });
  const expected = { x: [0.5, 'NaN'], id: [7, '1152921504606846976'], half: null, odd: null, large: null };
  assert.deepEqual(JSON.parse(featuresJson(input) ?? ''), expected);
  assert.deepEqual(JSON.parse(outputsJson(outcome) ?? ''), expected);
  assert.equal(outcomeOf(outcome), 'prediction');
});

test('an input that was too large to keep, a refusal and a failure have no values', () => {
  const omitted = decoded({ input: { omitted: { digest: 'sha256:00', size: 1 } } });
  assert.equal(featuresJson(omitted.input), null);
  assert.equal(featuresJson(null), null);
  const { outcome: refused } = decoded({ outcome: { refusal: { code: 'UNKNOWN_VEHICLE' } } });
  assert.deepEqual([outputsJson(refused), outcomeOf(refused)], [null, 'refusal']);
  const { outcome: failed } = decoded({ outcome: { failure: { code: 'INTERNAL' } } });
  assert.deepEqual([outputsJson(failed), outcomeOf(failed)], [null, 'failure']);
});
