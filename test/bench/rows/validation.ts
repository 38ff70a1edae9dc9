import assert from 'node:assert/strict';
import { parseManifest } from '@sluice/kernel/release/manifest';
import { type InputSchema, inputSchema } from '@sluice/kernel/schema/input-schema';
import type { Sample } from '../figures.ts';
import { percentile } from '../statistics.ts';
import type { Row } from './row.ts';

/** Checks between two looks at the clock: one takes too little time to be measured. */
const together = 100;

const numbers = Array.from({ length: 10 }, (_, column) => ({
  name: `amount_${column}`,
  type: 'number',
  required: true,
  minimum: 0,
  maximum: 1000,
  tensor: 'x',
  column,
}));
const categories = Array.from({ length: 8 }, (_, column) => ({
  name: `kind_${column}`,
  type: 'category',
  values: ['red', 'green', 'blue', 'white'],
  tensor: 'k',
  column,
}));
const flags = [10, 11].map((column) => ({ name: `is_${column}`, type: 'boolean', tensor: 'x', column }));
const features = [...numbers, ...categories, ...flags];
const given = Object.fromEntries(
  features.map(({ name, type }) => [name, type === 'number' ? 12.5 : type === 'boolean' ? true : 'blue']),
);

const schemaOfTwenty = (): InputSchema =>
  inputSchema({
    model: 'm',
    version: '1.0.0',
    manifest: parseManifest(
      JSON.stringify({ apiVersion: 'sluice/v1', model: 'm', version: '1.0.0', features }),
    ),
    signature: {
      inputs: [
        { name: 'x', datatype: 'FP32', shape: [-1, 12] },
        { name: 'k', datatype: 'BYTES', shape: [-1, 8] },
      ],
      outputs: [],
      maxBatchSize: 1,
    },
    given: undefined,
  });

const loop = ({ check }: InputSchema, seconds: number): Sample => {
  const durations: number[] = [];
  const startedAt = performance.now();
  let now = startedAt;
  while (now < startedAt + seconds * 1000) {
    for (let index = 0; index < together; index += 1) check(given);
    const end = performance.now();
    durations.push(((end - now) * 1000) / together);
    now = end;
  }
  const sorted = Float64Array.from(durations).sort();
  const perSecond = (sorted.length * together * 1000) / (now - startedAt);
  return {
    requestsPerSecond: perSecond,
    rowsPerSecond: perSecond,
    p50Us: percentile(sorted, 0.5),
    p99Us: percentile(sorted, 0.99),
  };
};

/** Ten numbers with limits, eight categories and two booleans against their schema, in this process. */
export const validationRow = (): Row => {
  const schema = schemaOfTwenty();
  return {
    name: 'validation-20',
    title: '20 features against their schema, in this process, a hundred at a time',
    section: 'doors',
    needs: [],
    prepare: async () => {
      assert.deepEqual(schema.check(given), { value: given });
    },
    measure: async ({ seconds }) => loop(schema, seconds),
  };
};
