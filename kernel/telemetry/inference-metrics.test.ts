import assert from 'node:assert/strict';
import { test } from 'node:test';
import { countFailure, countSuccess, Statistics } from '../oip/statistics.ts';
import { registerInferenceMetrics } from './inference-metrics.ts';
import { createRegistry } from './registry.ts';

const timings = {
  queueUs: 10.4,
  computeInputUs: 1,
  computeInferUs: 20,
  computeOutputUs: 2,
  batchSize: 1,
  leadsBatch: true,
};

test('the nv_ metrics are the statistics at the moment when they are asked for', async () => {
  const registry = createRegistry('test');
  const statistics = new Statistics();
  registerInferenceMetrics(registry, statistics);
  const one = statistics.of({ model: 'm', version: '1' });
  const value = async (line: string) => {
    const text = (await registry.metrics()).replaceAll(',environment="test"', '');
    return text
      .split('\n')
      .find((each) => each.startsWith(`${line} `))
      ?.slice(line.length + 1);
  };

  assert.equal(await value('nv_inference_request_success{model="m",version="1"}'), '0');
  one.pending += 1;
  countSuccess(one, 3, 50, timings);
  countSuccess(one, 1, 50, { ...timings, leadsBatch: false });
  countFailure(one, 'BACKEND', 5);
  for (let looks = 0; looks < 2; looks += 1) {
    assert.equal(await value('nv_inference_request_success{model="m",version="1"}'), '2');
    assert.equal(await value('nv_inference_count{model="m",version="1"}'), '4');
    assert.equal(await value('nv_inference_exec_count{model="m",version="1"}'), '1');
    assert.equal(await value('nv_inference_request_duration_us{model="m",version="1"}'), '100');
    assert.equal(await value('nv_inference_queue_duration_us{model="m",version="1"}'), '21');
    assert.equal(await value('nv_inference_request_failure{model="m",version="1",reason="BACKEND"}'), '1');
    assert.equal(await value('nv_inference_pending_request_count{model="m",version="1"}'), '1');
  }
});

test('two registries do not know of each other', async () => {
  const [first, second] = [createRegistry('test'), createRegistry('test')];
  const statistics = new Statistics();
  registerInferenceMetrics(first, statistics);
  registerInferenceMetrics(second, new Statistics());
  statistics.of({ model: 'm', version: '1' });
  assert.match(await first.metrics(), /nv_inference_count\{model="m",version="1",environment="test"\} 0/);
  assert.doesNotMatch(await second.metrics(), /model="m"/);
});
