import assert from 'node:assert/strict';
import { test } from 'node:test';
import { manifest } from '../support/celled.ts';
import { waitFor } from '../support/wait-for.ts';
import { askAt, doors, type Question } from './support/ask-at-doors.ts';
import { type Cluster, placeOf, startCluster } from './support/cluster.ts';
import { computedBy, metricOf } from './support/metrics.ts';
import { slowModel } from './support/models.ts';
import { within } from './support/within.ts';

/** Requests at each door that expire. */
const expiring = 100;
const timeoutMs = 100;

/** Asks `slow` for products of [side, side] matrices. */
const question = (side: number): Question => ({
  model: 'slow',
  name: 'size',
  datatype: 'INT64',
  values: [side, side],
});
/** Seconds of computing: far longer than the others may wait; a busy machine may take more of them than is usual. */
const long = question(1_024);
const longMs = '180000';
const quick = question(8);

const pending = ({ gateway }: Cluster): Promise<number> =>
  metricOf(gateway.metrics, 'nv_inference_pending_request_count', 'model="slow"');

/** A runtime tells what its cell has computed a scrape later, where the cell had no time to answer. */
const moreThan = (least: number, count: () => Promise<number>): Promise<number> =>
  waitFor('computing to be told', async () => {
    const now = await count();
    return now > least && now;
  });

/** Whatever is still anywhere, for anybody. */
const leftOver = async (cluster: Cluster): Promise<number[]> => {
  const runtime = `http://${placeOf(cluster, 0).running.metrics}`;
  const { metrics } = cluster.gateway;
  return Promise.all([
    pending(cluster),
    metricOf(metrics, 'sluice_admission_waiting_requests'),
    metricOf(metrics, 'sluice_admission_in_flight_requests'),
    metricOf(metrics, 'sluice_runtime_in_flight_requests'),
    metricOf(runtime, 'sluice_runtime_queued_requests'),
  ]);
};

const lines = [
  { line: 'the queue of a runtime', isolation: 'shared', admitted: 1_024 },
  { line: 'the queue of a cell', isolation: 'cell', admitted: 1_024 },
  { line: 'the line of admission', isolation: 'shared', admitted: 1 },
] as const;

for (const { line, isolation, admitted } of lines) {
  test(`what expires in ${line} is answered at its deadline and never computed`, async () => {
    await using cluster = await startCluster({
      runtimes: 1,
      files: { 'slow/1/model.onnx': slowModel(), 'slow/1/sluice.yaml': manifest('slow', { isolation }) },
      env: { ADMISSION_MAX_IN_FLIGHT: String(admitted), DEFAULT_DEADLINE_MS: longMs },
    });
    const { running: runtime } = placeOf(cluster, 0);
    for (const door of doors) assert.equal((await askAt[door](cluster, quick)).code, 'OK', door);
    const before = await moreThan(0, () => computedBy(runtime, 'slow'));
    assert.equal(before, doors.length);

    let isOver = false;
    const computing = askAt.ModelInfer(cluster, long).finally(() => {
      isOver = true;
    });
    await waitFor('the long batch', async () => (await pending(cluster)) === 1);
    const asked = doors.flatMap((door) =>
      Array.from({ length: expiring }, () => askAt[door](cluster, { ...long, timeoutMs })),
    );
    const outcomes = await within('all to expire', Promise.all(asked));
    assert.equal(isOver, false, 'nothing had to wait for the batch');
    assert.deepEqual(
      outcomes.map(({ code, status }) => `${code} ${status}`),
      doors.flatMap((door) =>
        new Array<string>(expiring).fill(`DEADLINE_EXCEEDED ${door === 'REST' ? 504 : 4}`),
      ),
    );
    assert.equal((await computing).code, 'OK');
    // What had wrongly stayed in the queue would be computed before this one.
    assert.equal((await askAt.Predict(cluster, quick)).code, 'OK');
    assert.equal(await moreThan(before, () => computedBy(runtime, 'slow')), before + 2);
    assert.deepEqual(await leftOver(cluster), [0, 0, 0, 0, 0]);
  });
}
