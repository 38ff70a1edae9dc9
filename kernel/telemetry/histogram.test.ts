import assert from 'node:assert/strict';
import { test } from 'node:test';
import { AggregatorRegistry, Histogram, Registry } from 'prom-client';
import { registerHistogram } from './histogram.ts';

const options = {
  name: 'h_seconds',
  help: 'Something',
  labelNames: ['model', 'version'],
  buckets: [0.001, 0.25, 1],
} as const;
const values = [0, 0.001, 0.0011, 0.25, 0.5, 1, 7];

const ours = (): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ environment: 'dev' });
  const series = registerHistogram(registry, options);
  for (const value of values) series({ model: 'm', version: '1' }).observe(value);
  series({ model: 'm', version: '2' }).observe(3);
  return registry;
};

const promClients = (): Registry => {
  const registry = new Registry();
  registry.setDefaultLabels({ environment: 'dev' });
  const { name, help, labelNames, buckets } = options;
  const histogram = new Histogram({ name, help, labelNames, buckets: [...buckets], registers: [registry] });
  for (const value of values) histogram.observe({ model: 'm', version: '1' }, value);
  histogram.observe({ model: 'm', version: '2' }, 3);
  return registry;
};

/** Lines with their labels in one order. */
const lines = async (registry: Registry): Promise<string[]> =>
  (await registry.metrics()).split('\n').map((line) => {
    const [, head = line, labels, tail = ''] = /^(.*)\{(.*)\}(.*)$/.exec(line) ?? [];
    return labels === undefined ? line : `${head}{${labels.split(',').sort().join(',')}}${tail}`;
  });

test("a scrape reads as it does of prom-client's own histogram", async () => {
  assert.deepEqual(await lines(ours()), await lines(promClients()));
});

test('what several processes observed can be added up', async () => {
  const [first, second] = await Promise.all([ours().getMetricsAsJSON(), ours().getMetricsAsJSON()]);
  const sum = AggregatorRegistry.aggregate([first, second]);
  assert.match(await sum.metrics(), /h_seconds_count\{.*version="1".*\} 14/);
});

test('label values that contain the separator of others stay apart', async () => {
  const registry = new Registry();
  const series = registerHistogram(registry, options);
  assert.notEqual(series({ model: 'a', version: 'b' }), series({ model: 'a b', version: '' }));
  assert.equal(series({ model: 'a', version: 'b' }), series({ version: 'b', model: 'a' }));
});
