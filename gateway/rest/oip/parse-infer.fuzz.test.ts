import assert from 'node:assert/strict';
import { test } from 'node:test';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { datatypes } from '@sluice/kernel/tensor/datatypes';
import fc from 'fast-check';
import { parseInfer } from './parse-infer.ts';

/** Cases of each property; the issue asks for 10^5 in `npm test`. */
const runs = 50_000;

/** A value or a SluiceError, and nothing thrown. */
const isAnswered = (body: Uint8Array, headerLength: string): void => {
  const result = parseInfer(body, headerLength);
  assert.ok('value' in result || result.error instanceof SluiceError);
};

const headerLength = fc.oneof(fc.constant(''), fc.nat({ max: 64 }).map(String), fc.string({ maxLength: 4 }));

test('random bytes are read or refused', () => {
  const property = fc.property(fc.uint8Array({ maxLength: 64 }), headerLength, isAnswered);
  fc.assert(property, { numRuns: runs });
});

const size = fc.oneof(fc.nat({ max: 12 }), fc.constantFrom(-1, 0.5, 2 ** 53, '4', null, true));
const parameters = fc.option(fc.dictionary(fc.constantFrom('binary_data_size', 'binary_data', 'x'), size), {
  nil: undefined,
});
const shape = fc.array(fc.oneof(fc.integer({ min: -1, max: 3 }), fc.constantFrom(2 ** 32, 1e300, 0.5)), {
  maxLength: 3,
});
const { data } = fc.letrec((tie) => ({
  data: fc.array(fc.oneof(fc.integer(), fc.constantFrom(null, 'NaN', true, {}), tie('data')), {
    maxLength: 3,
  }),
}));
const input = fc.record(
  { name: fc.string(), datatype: fc.constantFrom(...Object.keys(datatypes), 'FP8'), shape, parameters, data },
  { requiredKeys: ['name', 'datatype', 'shape'] },
);
const body = fc.record({ id: fc.string(), inputs: fc.array(input, { maxLength: 3 }), parameters });

test('random requests with random binary parts are read or refused', () => {
  const property = fc.property(
    body,
    fc.uint8Array({ maxLength: 24 }),
    fc.integer({ min: -2, max: 2 }),
    (json, binary, off) => {
      const header = Buffer.from(JSON.stringify(json));
      isAnswered(Buffer.concat([header, binary]), String(header.length + (off === 2 ? 1 : 0)));
    },
  );
  fc.assert(property, { numRuns: runs });
});
