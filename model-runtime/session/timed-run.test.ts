import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Tensor } from '@sluice/kernel/tensor/tensor';
import { heavyModel } from '@sluice/kernel/testing/heavy-model';
import { openModel } from '../testing/open-model.ts';
import { timedRun } from './timed-run.ts';

/** Occupies the thread as a graph does, in an immediate of its own. */
const computing = (ms: number) => () =>
  new Promise<[]>((resolve) => {
    setImmediate(() => {
      const until = performance.now() + ms;
      while (performance.now() < until);
      resolve([]);
    });
  });

test('what others computed in the same turn of the event loop is not counted', async () => {
  const times: number[] = [];
  const run = (ms: number) => timedRun({ run: computing(ms) }, (took) => times.push(took))([]);
  const startedAt = performance.now();
  await Promise.all([run(40), run(0), run(20)]);
  const elapsed = performance.now() - startedAt;
  const [first = 0, , last = 0] = times;
  assert.ok(first >= 40 && last >= 20, `${times}`);
  assert.ok(times.reduce((sum, ms) => sum + ms) <= elapsed, `${times} within ${elapsed}`);
});

test('a graph that fails is not measured', async () => {
  const times: number[] = [];
  const failing = { run: () => Promise.reject(new Error('no')) };
  await assert.rejects(timedRun(failing, (ms) => times.push(ms))([]), /no/);
  assert.deepEqual(times, []);
});

test('ONNX Runtime computes right behind the immediate that was asked for before it', async (t) => {
  const session = await openModel(t, heavyModel());
  const times: number[] = [];
  const timed = (run: () => Promise<Tensor[]>) => timedRun({ run }, (ms) => times.push(ms))([]);
  const x = { name: 'x', datatype: 'FP32', shape: [1], data: new Uint8Array(4) } as const;
  const startedAt = performance.now();
  await Promise.all([timed(computing(40)), timed(() => session.run([x])), timed(computing(40))]);
  const elapsed = performance.now() - startedAt;
  assert.ok(times.reduce((sum, ms) => sum + ms) <= elapsed, `${times} within ${elapsed}`);
});
