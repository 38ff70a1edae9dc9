import assert from 'node:assert/strict';
import { test } from 'node:test';
import { fromStruct } from '@sluice/kernel/features/struct';
import type { PredictStreamRequest__Output } from '@sluice/protos/gen/sluice/v1/PredictStreamRequest';
import { loadProtos } from '@sluice/protos/load';
import fc from 'fast-check';
import { requestEncoder } from './encode-request.ts';
import { fieldName, putField } from './encode-value.ts';

const { PredictStream } = loadProtos().sluice.v1.PredictionService.service;

const read = (frame: Buffer) => {
  assert.equal(frame[0], 0, 'not compressed');
  assert.equal(frame.readUInt32BE(1), frame.length - 5);
  const { predict } = PredictStream.requestDeserialize(frame.subarray(5)) as PredictStreamRequest__Output;
  return predict;
};

const { add, take } = requestEncoder('churn', '1.1.0');
const addFeatures = (features: Readonly<Record<string, unknown>>, requestId = 'r-1', entityId = ''): void =>
  add(requestId, entityId, (out) => {
    for (const [name, value] of Object.entries(features)) putField(out, fieldName(name), value);
  });
const encodeFeatures = (...given: Parameters<typeof addFeatures>): Buffer => {
  addFeatures(...given);
  return take().bytes;
};

test('a question has its release, request id and entity id', () => {
  const { model, version, requestId, entityId } = read(encodeFeatures({}, 'a1-7', 'Ä 007')) ?? {};
  assert.deepEqual(
    { model, version, requestId, entityId },
    {
      model: 'churn',
      version: '1.1.0',
      requestId: 'a1-7',
      entityId: 'Ä 007',
    },
  );
});

test('questions stand one behind the other', () => {
  addFeatures({}, 'r-1');
  addFeatures({ text: 'x'.repeat(5_000) }, 'r-2');
  const { bytes, ends } = take();
  const [first = 0, second] = ends;
  assert.equal(read(bytes.subarray(0, first))?.requestId, 'r-1');
  assert.equal(read(bytes.subarray(first, second))?.requestId, 'r-2');
  assert.deepEqual([second, take().ends], [bytes.length, []], 'each is taken once');
});

/** Objects that proto-loader makes lose `__proto__`. */
const name = fc.string({ minLength: 1 }).filter((text) => text !== '__proto__');
const value = fc.letrec((tie) => ({
  value: fc.oneof(
    { depthSize: 'small' },
    fc.double({ noNaN: true }),
    fc.string({ unit: 'binary' }),
    fc.boolean(),
    fc.constant(null),
    fc.constant('x'.repeat(20_000)),
    fc.array(tie('value')),
    fc.dictionary(name, tie('value')),
  ),
})).value;

test('whatever a row has arrives as it is', () =>
  fc.assert(
    fc.property(fc.dictionary(name, value), (features) => {
      const arrived = fromStruct(read(encodeFeatures(features))?.features ?? null);
      assert.deepEqual(JSON.stringify(sorted(arrived)), JSON.stringify(sorted(features)));
    }),
    { numRuns: 200 },
  ));

/** With the names in one order, in whatever depth. */
const sorted = (given: unknown): unknown => {
  if (Array.isArray(given)) return given.map(sorted);
  if (typeof given !== 'object' || given === null) return given;
  return Object.fromEntries(
    Object.entries(given)
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, each]) => [name, sorted(each)]),
  );
};

test('a whole number of 64 bits is a number', () => {
  const arrived = fromStruct(read(encodeFeatures({ count: 41n }))?.features ?? null);
  assert.deepEqual(arrived, { count: 41 });
});
