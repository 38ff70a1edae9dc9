import assert from 'node:assert/strict';
import { glob, readdir, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { toStruct } from '@sluice/kernel/features/struct';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { lakeGroup } from './start-lake.ts';
import { type LakeBench, lakeBench, messageOf, noLimits, query, record } from './testing/lake.ts';

const waitMs = 60_000;

const committed = async ({ log }: LakeBench, partition = 0): Promise<bigint> => {
  const positions = await log.admin.committed(lakeGroup, predictionsTopic);
  return positions.find((position) => position.partition === partition)?.offset ?? 0n;
};

const untilCommitted = (bench: LakeBench, offset: bigint, partition = 0): Promise<void> =>
  eventually(`offset ${offset}`, async () => (await committed(bench, partition)) >= offset, waitMs);

const files = async ({ folder }: LakeBench): Promise<string[]> =>
  (await Array.fromAsync(glob('*/*/*.parquet', { cwd: folder }))).sort();

const idsIn = async ({ folder }: LakeBench): Promise<unknown[]> =>
  (await query(`SELECT prediction_id AS id FROM '${folder}/*/*/*.parquet' ORDER BY "offset"`)).map(
    ({ id }) => id,
  );

const numbered = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => messageOf(record(from + index)));
const ids = (from: number, to: number) =>
  Array.from({ length: to - from }, (_, index) => `prediction-${from + index}`);

test('predictions lie in a file by model and day, with what a data scientist asks for', async (t) => {
  const bench = await lakeBench(t);
  const value = record(1, {
    requestId: 'request-1',
    revision: 42,
    door: 'grpc',
    environment: 'dev',
    gateway: 'gateway-1',
    entityId: 'customer-7',
    traceId: '0af7651916cd43dd8448eb211c80319c',
    client: '127.0.0.1',
    input: { features: toStruct({ tenure: 5, contract: 'One year', missing: null }) },
    outcome: { prediction: { outputs: toStruct({ churn: 0.25 }) } },
    timings: { queueMs: 0.5, computeMs: 0.25, totalMs: 1.5 },
  });
  const message = messageOf(value);
  await bench.send(message);
  await bench.start({ limits: { ...noLimits, messages: 1 } });
  await untilCommitted(bench, 1n);
  const file = 'churn/2026-11-20/sluice.predictions.v1-0-0-0.parquet';
  assert.deepEqual(await files(bench), [file]);
  const [row] = await query(`SELECT *, hex(record) AS bytes FROM '${bench.folder}/${file}'`);
  const { record: _, bytes, features, outputs, ...rest } = row ?? {};
  assert.equal(bytes, message.value?.toString('hex').toUpperCase());
  assert.deepEqual(JSON.parse(String(features)), { tenure: 5, contract: 'One year', missing: null });
  assert.deepEqual(JSON.parse(String(outputs)), { churn: 0.25 });
  assert.deepEqual(rest, {
    prediction_id: 'prediction-1',
    time: '2026-11-20 10:00:00.123',
    model: 'churn',
    version: '2.1.0',
    digest: 'sha256:00',
    asked_version: null,
    revision: 42,
    arm: null,
    door: 'grpc',
    environment: 'dev',
    gateway: 'gateway-1',
    outcome: 'prediction',
    code: 'OK',
    entity_id: 'customer-7',
    request_id: 'request-1',
    synthetic: false,
    trace_id: '0af7651916cd43dd8448eb211c80319c',
    client: '127.0.0.1',
    queue_ms: 0.5,
    compute_ms: 0.25,
    total_ms: 1.5,
    partition: 0,
    offset: '0',
  });
  const codec = await query(`SELECT DISTINCT compression FROM parquet_metadata('${bench.folder}/${file}')`);
  assert.deepEqual(codec, [{ compression: 'ZSTD' }]);
});

test('models and days have files of their own, and what no release answered lies aside', async (t) => {
  const bench = await lakeBench(t);
  const strange = { name: '../a=b', version: '1.0.0', digest: '' };
  await bench.send(
    messageOf(record(1)),
    messageOf(record(2, { time: '2026-11-21T00:00:00.000Z' })),
    messageOf(record(3, { model: '../a=b', release: strange })),
    messageOf(record(4, { model: 'whatever', release: null })),
  );
  await bench.start({ limits: { ...noLimits, messages: 4 } });
  await untilCommitted(bench, 4n);
  const name = 'sluice.predictions.v1-0-0-3.parquet';
  assert.deepEqual(await files(bench), [
    `%2E.%2Fa%3Db/2026-11-20/${name}`,
    `_unresolved/2026-11-20/${name}`,
    `churn/2026-11-20/${name}`,
    `churn/2026-11-21/${name}`,
  ]);
  assert.deepEqual(await idsIn(bench), ids(1, 5));
});

test('files end at fixed offsets, and the last one when it is old enough', async (t) => {
  const bench = await lakeBench(t);
  await bench.send(...numbered(0, 7));
  await bench.start({ limits: { ...noLimits, messages: 3, ageMs: 200 } });
  await untilCommitted(bench, 7n);
  const names = (await files(bench)).map((path) => path.split('/').at(-1));
  assert.deepEqual(
    names,
    ['0-2', '3-5', '6-6'].map((range) => `sluice.predictions.v1-0-${range}.parquet`),
  );
  assert.deepEqual(await idsIn(bench), ids(0, 7));
});

test('who reads from the beginning again overwrites the same files, those that ended by their age too', async (t) => {
  const bench = await lakeBench(t);
  {
    await using _ = await bench.start({ limits: { ...noLimits, messages: 4, ageMs: 200 } });
    await bench.send(...numbered(0, 2));
    await untilCommitted(bench, 2n);
    await bench.send(...numbered(2, 8));
    await untilCommitted(bench, 8n);
  }
  const before = await files(bench);
  let rows = 0;
  await bench.start({
    group: 'sluice.lake-again',
    limits: { ...noLimits, messages: 4, ageMs: 30_000 },
    events: { wrote: (count) => (rows += count) },
  });
  await eventually('all to be written again', () => rows === 8, waitMs);
  assert.deepEqual(await files(bench), before);
  assert.deepEqual(await idsIn(bench), ids(0, 8));
});

test('a file of a range that was never committed is replaced, whatever its range is now', async (t) => {
  const bench = await lakeBench(t);
  {
    await using _ = await bench.start({ limits: { ...noLimits, messages: 4 } });
    await bench.send(...numbered(0, 4));
    await untilCommitted(bench, 4n);
  }
  const [written = ''] = await files(bench);
  // As a process that was killed before it committed leaves them, with other limits.
  for (const range of ['4-6', '5-9'])
    await writeFile(join(bench.folder, written.replace('0-3', range)), 'half a file');
  await bench.send(...numbered(4, 8));
  await bench.start({ limits: { ...noLimits, messages: 4 } });
  await untilCommitted(bench, 8n);
  assert.deepEqual(await idsIn(bench), ids(0, 8));
  const names = (await files(bench)).map((path) => path.slice(path.indexOf('v1-0-')));
  assert.deepEqual(names, ['v1-0-0-3.parquet', 'v1-0-4-6.parquet', 'v1-0-7-7.parquet']);
});

test('what is no record is counted and passed over', async (t) => {
  const bench = await lakeBench(t);
  const broken = { key: Buffer.from('key'), headers: [], partition: 0 };
  await bench.send(
    { ...broken, value: Buffer.from('no record') },
    { ...broken, value: null },
    messageOf(record(1, { predictionId: '' })),
    messageOf(record(2, { time: 'yesterday' })),
    messageOf(record(3)),
  );
  const faults: string[] = [];
  await bench.start({
    limits: { ...noLimits, messages: 5 },
    events: { passedOver: ({ offset }, fault) => faults.push(`${offset}: ${fault}`) },
  });
  await untilCommitted(bench, 5n);
  assert.deepEqual(await idsIn(bench), ['prediction-3']);
  assert.match(faults[0] ?? '', /^0: it is no sluice.v1.Record: /);
  assert.deepEqual(faults.slice(1), [
    '1: it has no value',
    '2: it has no prediction_id',
    "3: its time is no date: 'yesterday'",
  ]);
});

test('a place that cannot be written to is waited for, and nothing is committed meanwhile', async (t) => {
  const bench = await lakeBench(t);
  await bench.send(...numbered(0, 2));
  // A file where the folder of the model is to be.
  await writeFile(join(bench.folder, 'churn'), '');
  const lake = await bench.start({ limits: { ...noLimits, messages: 2 } });
  await eventually('the lake to say so', () => lake.failures.size > 0, waitMs);
  assert.match([...lake.failures].join(), /^writing sluice\.predictions\.v1-0 to file:/);
  assert.equal(await committed(bench), 0n);
  await rm(join(bench.folder, 'churn'));
  await untilCommitted(bench, 2n);
  await eventually('the lake to be ready', () => lake.failures.size === 0, waitMs);
  assert.deepEqual(await idsIn(bench), ids(0, 2));
  assert.deepEqual(await readdir(join(bench.folder, '.writing')), []);
});
