import assert from 'node:assert/strict';
import { resolve } from 'node:path';
import { test } from 'node:test';
import { checkGolden, compileGoldenEncoder } from '@sluice/kernel/release/golden';
import { listModels } from '@sluice/kernel/release/list-releases';
import { readGolden } from '@sluice/kernel/release/read-golden';
import { fileStore } from '@sluice/kernel/store/file-store';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import type { JobOutcome } from '../core/job.ts';
import { makeJob } from '../core/make-job.ts';
import { startHolder } from '../testing/start-holder.ts';

const store = fileStore(`file:${resolve(import.meta.dirname, '../../models/store')}`);

test('every golden case of every example release comes out as it says, all in one batch', async (t) => {
  const { holder } = startHolder(t, store);
  for (const model of await listModels(store)) await holder.load(model);
  assert.equal(holder.all().length, 6);
  for (const { model, version, state } of holder.all()) {
    assert.ok(state.kind === 'READY', `${model} ${version}: ${JSON.stringify(state)}`);
    const { release, worker } = state;
    const all = await readGolden(store, `${model}/${version}`);
    const cases = all.filter((golden) => !('refusal' in golden));
    const compute = (inputs: readonly Tensor[]) =>
      new Promise<JobOutcome>((settle) => {
        const request = { inputs, priority: 0, enqueuedAt: 0, deadlineAt: Number.POSITIVE_INFINITY, settle };
        worker.submit(makeJob(release, { ...request, trace: { traceparent: '', tracestate: '' } }));
      });
    const encode = compileGoldenEncoder(release);
    const outcomes = await Promise.all(cases.map((golden) => compute(encode(golden))));
    for (const [index, golden] of cases.entries()) {
      const outcome = outcomes[index];
      assert.ok(outcome !== undefined && 'outputs' in outcome);
      assert.equal(outcome.timings.batchSize, cases.length);
      checkGolden(release, golden, outcome.outputs);
    }
  }
});

test('every example release answers a batch of no rows with no rows', async (t) => {
  const { holder } = startHolder(t, store);
  for (const model of await listModels(store)) await holder.load(model);
  for (const { model, state } of holder.all()) {
    assert.ok(state.kind === 'READY');
    const { release, worker } = state;
    const inputs = release.signature.inputs.map(
      ({ name, datatype, shape }): Tensor => ({
        name,
        datatype,
        shape: [0, ...shape.slice(1)],
        data: new Uint8Array(),
      }),
    );
    const outcome = await new Promise<JobOutcome>((settle) => {
      const request = { inputs, priority: 0, enqueuedAt: 0, deadlineAt: Number.POSITIVE_INFINITY, settle };
      worker.submit(makeJob(release, { ...request, trace: { traceparent: '', tracestate: '' } }));
    });
    assert.ok('outputs' in outcome, `${model}: ${JSON.stringify(outcome)}`);
    assert.ok(outcome.outputs.every(({ shape, data }) => shape[0] === 0 && data.byteLength === 0));
  }
});
