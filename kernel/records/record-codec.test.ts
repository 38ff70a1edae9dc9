import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Feedback } from '@sluice/protos/gen/sluice/v1/Feedback';
import type { Record as RecordMessage } from '@sluice/protos/gen/sluice/v1/Record';
import type { RecordedInput } from '@sluice/protos/gen/sluice/v1/RecordedInput';
import fc from 'fast-check';
import { fromStruct, toStruct } from '../features/struct.ts';
import { loadTypes } from '../protobuf/load-types.ts';
import { anyMessage } from '../protobuf/testing/any-message.ts';
import { loadRecordCodecs } from './record-codec.ts';

const { record, input, feedback } = loadRecordCodecs();
const types = loadTypes(['sluice/v1/record.proto', 'sluice/v1/feedback.proto']);

/** What the codec writes of a message reads as what protobufjs writes of it, which goes by the schema alone. */
const assertAsSchema = <Message>(
  name: string,
  codec: { readonly encode: (message: Message) => Buffer; readonly decode: (bytes: Uint8Array) => unknown },
): void => {
  const type = types(name);
  const reads = (bytes: Uint8Array): unknown => codec.decode(bytes);
  fc.assert(
    fc.property(anyMessage(type), (message) =>
      assert.deepEqual(reads(codec.encode(message as Message)), reads(type.encode(message).finish())),
    ),
    { numRuns: 300 },
  );
};

test('every field that the schema of a record has is written as the schema says', () =>
  assertAsSchema<RecordMessage>('sluice.v1.Record', record));

test('an input alone too', () => assertAsSchema<RecordedInput>('sluice.v1.RecordedInput', input));

test('and feedback', () => assertAsSchema<Feedback>('sluice.v1.Feedback', feedback));

test('fields that were encoded before are fields of the message', () => {
  const release = { name: 'churn', version: '1.0.0', digest: 'sha256:1' };
  const before = record.encode({ model: 'churn', release });
  const read = record.decode(record.encode({ predictionId: 'p', warnings: ['w'] }, before));
  assert.deepEqual(
    [read.predictionId, read.model, read.release, read.warnings],
    ['p', 'churn', release, ['w']],
  );
});

test('bytes stay what they were when the next message is written', () => {
  const first = record.encode({ model: 'churn' });
  record.encode({ model: 'fraud', requestId: 'r'.repeat(10_000) });
  assert.equal(record.decode(first).model, 'churn');
});

test('what is lent is the same, until the next message', () => {
  const message = { model: 'churn', warnings: ['w'.repeat(10_000)] };
  assert.deepEqual(record.lend(message), record.encode(message));
  const lent = record.lend(message);
  input.encode({ features: toStruct({ another: 'codec' }) });
  assert.equal(record.decode(lent).model, 'churn');
});

test('a message after one that could not be written is whole', () => {
  assert.throws(() => record.encode({ requestId: 'r', warnings: [Symbol('none') as never] }));
  assert.equal(record.decode(record.encode({ model: 'm' })).requestId, '');
});

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

test('features are written as they are, or as a Struct of them', () => {
  const features = { tenure: 5, contract: 'One year', missing: null };
  const named = record.encode({ model: 'churn', input: { named: features } });
  assert.deepEqual(named, record.encode({ model: 'churn', input: { features: toStruct(features) } }));
  assert.deepEqual(input.encode({ named: {} }), input.encode({ features: toStruct({}) }));
});

test('a reward of 0 is no missing reward', () => {
  assert.equal(feedback.decode(feedback.encode({ reward: 0 })).reward, 0);
  assert.equal(feedback.decode(feedback.encode({})).reward, undefined);
});

test('bytes that are no record are an error', () => {
  assert.throws(() => record.decode(Buffer.from('no record')));
});
