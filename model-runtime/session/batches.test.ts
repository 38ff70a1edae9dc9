import assert from 'node:assert/strict';
import { test } from 'node:test';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import { type Datatype, datatypes, factsOf, isDatatype } from '@sluice/kernel/tensor/datatypes';
import { bytesOf } from '@sluice/kernel/tensor/numbers';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { failingModel, identityModel } from '@sluice/kernel/testing/onnx-model';
import { nodeClock } from '../clock/node-clock.ts';
import type { Job, JobOutcome } from '../core/job.ts';
import { createReleaseWorker } from '../core/release-worker.ts';
import { createScheduler } from '../core/scheduler.ts';
import { testJob } from '../testing/jobs.ts';
import { openModel } from '../testing/open-model.ts';
import type { Session } from './session.ts';

/** Batches of real sessions, all of one process. */
const scheduler = createScheduler({ clock: nodeClock, fault: assert.ifError });

const workerOf = (session: Session) =>
  createReleaseWorker({
    scheduler,
    limits: { maxEntries: 100, maxBytes: 1_000_000 },
    rule: { maxRows: 64, maxBytes: 100_000, preferredRows: [], maxDelayMs: 0 },
    hasBatchAxis: true,
    report: () => undefined,
    run: (inputs) => session.run(inputs),
  });

const computeAll = (session: Session, inputs: readonly (readonly Tensor[])[]): Promise<JobOutcome[]> => {
  const worker = workerOf(session);
  return Promise.all(
    inputs.map((each) => {
      const { promise, resolve } = Promise.withResolvers<JobOutcome>();
      const job: Job = { ...testJob({ inputs: each }).job, settle: resolve };
      assert.equal(worker.submit(job), undefined);
      return promise;
    }),
  );
};

/** Rows of two elements each, told apart by `seed`, at an odd place of a larger buffer as they come from a frame. */
const input = (name: string, datatype: Datatype, rows: number, seed: number): Tensor => {
  const { size } = factsOf(datatype);
  const text = Array.from({ length: rows * 2 }, (_, index) => 'é'.repeat((seed + index) % 4));
  const plain = Uint8Array.from({ length: rows * 2 * size }, (_, index) => (seed * 7 + index) % 2);
  const bytes = size === 0 ? bytesOfStrings(text) : plain;
  const data = new Uint8Array(bytes.byteLength + 3).subarray(3);
  data.set(bytes);
  return { name, datatype, shape: [rows, 2], data };
};

const plain = ({ data, shape }: Tensor) => ({ shape: [...shape], data: Uint8Array.from(data) });

const carried = Object.keys(datatypes)
  .filter(isDatatype)
  .filter((datatype) => datatype !== 'BF16');

for (const datatype of carried) {
  test(`batches of ${datatype} and strings are computed in memory that is used again, and their answers stay`, async (t) => {
    const specs = [datatype, 'BYTES' as const].map((each) => ({ datatype: each, shape: ['N', 2] }));
    const session = await openModel(t, identityModel(specs));
    const answered: (readonly [asked: readonly Tensor[], outcome: JobOutcome | undefined])[] = [];
    for (const [seed, rows] of [[3, 1, 0, 2], [1], [5, 5]].entries()) {
      const asked = rows.map((count, index) => [
        input('x0', datatype, count, seed + index),
        input('x1', 'BYTES', count, seed * 3 + index),
      ]);
      const outcomes = await computeAll(session, asked);
      for (const [index, each] of asked.entries()) answered.push([each, outcomes[index]]);
    }
    for (const [asked, outcome] of answered) {
      assert.ok(outcome !== undefined && 'outputs' in outcome, JSON.stringify(outcome));
      assert.deepEqual(outcome.outputs.map(plain), asked.map(plain));
    }
  });
}

test('of a batch that a graph refuses only the request at fault fails', async (t) => {
  const session = await openModel(t, failingModel());
  const indices = [0, 1, 3, 2].map((index): Tensor[] => [
    { name: 'index', datatype: 'INT64', shape: [1], data: bytesOf(BigInt64Array.of(BigInt(index))) },
  ]);
  const outcomes = await computeAll(session, indices);
  assert.deepEqual(
    outcomes.map((outcome) => ('error' in outcome ? outcome.error.code : 'answered')),
    ['answered', 'answered', 'COMPUTE_FAILED', 'answered'],
  );
});

test('an output that does not follow the batch fails clearly', async (t) => {
  const session = await openModel(t, identityModel([{ datatype: 'FP32', shape: ['N', 2] }]));
  const twice: Session = {
    ...session,
    run: async (inputs) => {
      const [y] = await session.run(inputs);
      assert.ok(y !== undefined);
      return [{ ...y, shape: [1, ...y.shape] }];
    },
  };
  const outcomes = await computeAll(twice, [[input('x0', 'FP32', 3, 0)], [input('x0', 'FP32', 2, 0)]]);
  for (const [index, rows] of [3, 2].entries()) {
    const outcome = outcomes[index];
    assert.ok(outcome !== undefined && 'error' in outcome);
    assert.equal(outcome.error.code, 'COMPUTE_FAILED');
    assert.match(outcome.error.message, new RegExp(`output y0 has shape .*, expected ${rows} rows`));
  }
});
