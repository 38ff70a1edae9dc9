import assert from 'node:assert/strict';
import { test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { lakeGroup } from './start-lake.ts';
import { lakeBench, messageOf, noLimits, query, record } from './testing/lake.ts';

const waitMs = 120_000;
const fileBytes = 4 * 1024 ** 2;

/** As many bytes as are written as JSON too, where they are five times as long. */
const tensor = (number: number) => {
  const values = Float32Array.from({ length: 2_048 }, (_, index) => Math.sin(number + index));
  return { name: 'x', datatype: 'FP32', shape: [1, values.length], raw: Buffer.from(values.buffer) };
};

test('a file of nothing but tensors is written within the limit of memory', async (t) => {
  const bench = await lakeBench(t);
  const one = (number: number) =>
    messageOf(record(number, { input: { tensors: { tensors: [tensor(number)] } } }));
  const size = one(0).value?.length ?? 0;
  const count = Math.ceil(fileBytes / size);
  await bench.send(...Array.from({ length: count }, (_, number) => one(number)));
  await bench.start({ limits: { ...noLimits, bytes: fileBytes } });
  await eventually(
    'the file to be committed',
    async () => (await bench.log.admin.committed(lakeGroup, predictionsTopic))[0]?.offset === BigInt(count),
    waitMs,
  );
  const [row] = await query(
    `SELECT count(*)::int AS rows, min(length(features)) > 20000 AS whole FROM '${bench.folder}/*/*/*.parquet'`,
  );
  assert.deepEqual(row, { rows: count, whole: true });
});
