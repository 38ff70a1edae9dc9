import assert from 'node:assert/strict';
import { after, before, suite, test } from 'node:test';
import { failingModel } from '@sluice/kernel/testing/onnx-model';
import { manifest } from '../support/celled.ts';
import { waitFor } from '../support/wait-for.ts';
import { askAt, doors, type Question } from './support/ask-at-doors.ts';
import { askLog } from './support/ask-log.ts';
import { type Cluster, startCluster } from './support/cluster.ts';
import { type Loads, startLoads } from './support/loads.ts';
import { droppingModel, logModel, slowModel } from './support/models.ts';

const maxComputeMs = 500;
const files = {
  'dropping/1/model.onnx': droppingModel(),
  'failing/1/model.onnx': failingModel(),
  'log/1/model.onnx': logModel(),
  'endless/1/model.onnx': slowModel(),
  'endless/1/sluice.yaml': manifest('endless', { isolation: 'cell', maxComputeMs }),
};

/** Questions at each door, good ones and bad ones in turn. */
const asked = 200;

const row = (model: string, name: string, datatype: Question['datatype'], value: number): Question => ({
  model,
  name,
  datatype,
  values: [value],
  feature: value,
});
const matrix = (side: number): Question => ({
  model: 'endless',
  name: 'size',
  datatype: 'INT64',
  values: [side, side],
});

interface Pair {
  readonly good: Question;
  readonly bad: Question;
  /** What is said about the bad one. */
  readonly message: RegExp;
}

/** Asks good and bad ones at once, so that they meet in batches. */
const askInTurns = async (cluster: Cluster, door: (typeof doors)[number], pair: Pair): Promise<void> => {
  const { good, bad, message } = pair;
  const ask = (_: unknown, index: number) => askAt[door](cluster, index % 2 === 0 ? good : bad);
  const outcomes = await Promise.all(Array.from({ length: asked }, ask));
  for (const [index, outcome] of outcomes.entries()) {
    const expected = index % 2 === 0 ? 'OK' : 'COMPUTE_FAILED';
    assert.equal(outcome.code, expected, `${door}: ${outcome.message}`);
    if (expected !== 'OK') assert.match(outcome.message, message);
  }
};

suite('beside a model that misbehaves another one is answered all the time', () => {
  let cluster: Cluster;
  let loads: Loads;
  before(async () => {
    cluster = await startCluster({ runtimes: 1, files });
    loads = startLoads(cluster);
  });
  after(async () => {
    loads[Symbol.dispose]();
    await cluster[Symbol.asyncDispose]();
  });

  const rows = [
    {
      what: 'answers another number of rows than it was asked for',
      good: row('dropping', 'x', 'FP32', -1),
      bad: row('dropping', 'x', 'FP32', 1),
      message: /^the graph failed: .*rows/,
    },
    {
      what: 'fails while it computes',
      good: row('failing', 'index', 'INT64', 1),
      bad: row('failing', 'index', 'INT64', 3),
      message: /^the graph failed: .*Gather/s,
    },
  ] as const;
  for (const { what, good, bad, message } of rows) {
    test(`one that ${what}: COMPUTE_FAILED, and only where it does`, async () => {
      for (const door of doors) await askInTurns(cluster, door, { good, bad, message });
      await loads.more(100);
    });
  }

  test('one that answers NaN: it is NaN in tensors, and its name where there is no such number', async () => {
    for (const [door, ask] of Object.entries(askLog)) {
      assert.deepEqual(await ask(cluster, -1), door === 'ModelInfer' ? Number.NaN : 'NaN', door);
      assert.equal(
        await ask(cluster, 0),
        door === 'ModelInfer' ? Number.NEGATIVE_INFINITY : '-Infinity',
        door,
      );
      assert.equal(await ask(cluster, 1), 0, door);
    }
    await loads.more(100);
  });

  test('one that computes without end: its request fails with the reason, and it serves again', async () => {
    const quick = matrix(8);
    assert.equal((await askAt.Predict(cluster, quick)).code, 'OK');
    const { code, status, message, retryAfterMs = 0 } = await askAt.Predict(cluster, matrix(4_096));
    assert.deepEqual([code, status], ['RUNTIME_LOST', 14]);
    assert.match(message, /it computed for longer than maxComputeMs \(500 ms\)/);
    assert.ok(retryAfterMs > 0, 'a hint when to come back');
    await waitFor('another cell', async () => (await askAt.Predict(cluster, quick)).code === 'OK');
    await loads.more(100);
  });

  test('all that was asked of the other model meanwhile was answered', async () => {
    await loads.stop();
    loads.assertOnce();
    assert.deepEqual(Object.keys(loads.codes()), ['OK']);
  });
});
