import assert from 'node:assert/strict';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, test } from 'node:test';
import { eventually } from '@sluice/kernel/event-log/testing/eventually';
import { predictionsTopic } from '@sluice/kernel/records/topics';
import { skipS3 } from '@sluice/kernel/testing/s3-server';
import { sharedS3 } from '@sluice/kernel/testing/store-kinds';
import { openPlace } from './open-place.ts';
import { lakeGroup } from './start-lake.ts';
import { lakeBench, messageOf, noLimits, query, record } from './testing/lake.ts';

const waitMs = 60_000;
const path = 'churn/2026-11-20/sluice.predictions.v1-0-0-1.parquet';

describe('a lake in a bucket of S3', { skip: skipS3 }, () => {
  test('it is written when the bucket is there again, as in a folder, and overwrites itself', async (t) => {
    const bench = await lakeBench(t);
    const s3 = await sharedS3();
    const url = s3.newUrl();
    const start = () => bench.start({ url, limits: { ...noLimits, messages: 2 } });
    const committed = (offset: bigint) =>
      eventually(
        `offset ${offset}`,
        async () => (await bench.log.admin.committed(lakeGroup, predictionsTopic))[0]?.offset === offset,
        waitMs,
      );
    await bench.send(messageOf(record(0)), messageOf(record(1)));
    await s3.kill();
    const lake = await start();
    await eventually('the lake to say so', () => lake.failures.size > 0, waitMs);
    await s3.restart();
    await committed(2n);

    const prefix = url.slice(`s3://${s3.bucket}/`.length);
    const inBucket = join(s3.folder, prefix, 'churn/2026-11-20');
    const ids = () => query(`SELECT prediction_id AS id FROM '${inBucket}/*.parquet' ORDER BY "offset"`);
    assert.deepEqual(await ids(), [{ id: 'prediction-0' }, { id: 'prediction-1' }]);

    await lake[Symbol.asyncDispose]();
    await writeFile(join(inBucket, 'sluice.predictions.v1-0-3-3.parquet'), 'of a killed process');
    await bench.send(messageOf(record(2)), messageOf(record(3)));
    await start();
    await committed(4n);
    const expected = [0, 1, 2, 3].map((number) => ({ id: `prediction-${number}` }));
    assert.deepEqual(await ids(), expected);
  });

  test('files of a bucket are put, listed and removed', async (t) => {
    const s3 = await sharedS3();
    const folder = await mkdtemp(join(tmpdir(), 'sluice-lake-'));
    t.after(() => rm(folder, { recursive: true, force: true }));
    const place = await openPlace(s3.newUrl(), process.env);
    const local = join(folder, 'file');
    for (const content of ['first', 'second']) {
      await writeFile(local, content);
      await place.put(path, local);
    }
    assert.deepEqual(await Array.fromAsync(place.paths()), [path]);
    await place.remove(path);
    await place.remove(path);
    assert.deepEqual(await Array.fromAsync(place.paths()), []);
  });
});

for (const url of ['', 'lake', 's3:', 'http://host/lake']) {
  test(`a URL that names no lake is refused: '${url}'`, async () => {
    await assert.rejects(openPlace(url, {}), {
      code: 'INVALID_INPUT',
      message: `LAKE_URL: expected file:<folder> or s3://<bucket>/<prefix>, got ${url}`,
    });
  });
}
