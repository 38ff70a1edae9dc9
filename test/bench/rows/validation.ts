import assert from 'node:assert/strict';
import type { Features } from '@sluice/kernel/features/value';
import { parseManifest } from '@sluice/kernel/release/manifest';
import { type InputSchema, inputSchema } from '@sluice/kernel/schema/input-schema';
import type { Sample } from '../figures.ts';
import { percentile } from '../statistics.ts';
import type { Row } from './row.ts';

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

/** Different in values, and read from JSON as a caller's are, so that nothing is known beforehand of any of them. */
const requests = Array.from({ length: 1_000 }, (_, index) => {
  const values = {
    number: index / 2,
    boolean: index % 2 === 0,
    category: ['red', 'green', 'blue', 'white'][index % 4],
  };
  const entries = features.map(({ name, type }) => [name, values[type as keyof typeof values]] as const);
  return JSON.parse(JSON.stringify(Object.fromEntries(entries))) as Features;
});

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
    for (const each of requests) check(each);
    const end = performance.now();
    durations.push(((end - now) * 1000) / requests.length);
    now = end;
  }
  const sorted = Float64Array.from(durations).sort();
  const perSecond = (sorted.length * requests.length * 1000) / (now - startedAt);
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
    title: '20 features against their schema, in this process, a thousand requests one after the other',
    section: 'doors',
    needs: [],
    prepare: async () => {
      for (const each of requests) assert.deepEqual(schema.check(each), { value: each });
    },
    measure: async ({ seconds }) => loop(schema, seconds),
  };
};
