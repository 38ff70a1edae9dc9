import assert from 'node:assert/strict';
import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { predictionsTopic, recordPartitions } from '@sluice/kernel/records/topics';
import { lakeGroup } from './start-lake.ts';
import { type LakeBench, lakeBench, messageOf, query, record } from './testing/lake.ts';

const program = join(import.meta.dirname, 'testing/lake-process.ts');
const records = 4_000;
const waitMs = 60_000;

const committed = async ({ log }: LakeBench): Promise<number> => {
  const positions = await log.admin.committed(lakeGroup, predictionsTopic);
  return positions.reduce((sum, { offset }) => sum + Number(offset), 0);
};

/** Lets a lake work until the group has committed so many messages, and kills it. */
const killedLake = async (bench: LakeBench, until: number): Promise<void> => {
  const args = [program, bench.log.url, `file:${bench.folder}`, '20'];
  const child = spawn(process.execPath, args, { stdio: ['pipe', 'inherit', 'inherit'] });
  const ended = once(child, 'close');
  try {
    await eventually(`${until} messages`, async () => (await committed(bench)) >= until, waitMs);
  } finally {
    child.kill('SIGKILL');
    await ended;
  }
};

test('a lake that is killed again and again has each prediction once', async (t) => {
  const bench = await lakeBench(t);
  const all = Array.from({ length: records }, (_, index) =>
    messageOf(record(index), index % recordPartitions),
  );
  await bench.send(...all);
  for (const share of [0.2, 0.6]) await killedLake(bench, records * share);
  await killedLake(bench, records);
  const rows = await query(
    `SELECT count(*)::INT AS rows, count(DISTINCT prediction_id)::INT AS ids FROM '${bench.folder}/*/*/*.parquet'`,
  );
  assert.deepEqual(rows, [{ rows: records, ids: records }]);
});
