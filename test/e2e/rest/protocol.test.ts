import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSluice } from '../../support/sluice.ts';
import { type Ask, asking } from './ask.ts';

const image = { name: 'image', datatype: 'FP32', shape: [1, 8, 8], data: new Array<number>(64).fill(0) };

describe('the Open Inference Protocol over REST describes models as Triton does', () => {
  const stack = new AsyncDisposableStack();
  let ask: Ask;

  before(async () => {
    ask = asking(stack.use(await startSluice()).gateway.http);
  });
  after(() => stack.disposeAsync());

  const json = async (path: string): Promise<unknown> => (await ask('GET', path)).json;

  test('server and health', async () => {
    const server = (await json('/v2')) as { name: string; extensions: string[] };
    assert.equal(server.name, 'sluice');
    assert.ok(server.extensions.includes('binary_tensor_data'));
    assert.deepEqual(await json('/v2/health/live'), { live: true });
    assert.deepEqual(await json('/v2/health/ready'), { ready: true });
    assert.deepEqual(await json('/v2/models'), { models: ['car-price', 'churn', 'digits', 'house-price'] });
  });

  test('metadata and configuration agree', async () => {
    const inputs = [{ name: 'image', datatype: 'FP32', shape: [-1, 8, 8] }];
    const metadata = (await json('/v2/models/digits')) as Record<string, unknown>;
    assert.deepEqual(metadata['versions'], ['1']);
    assert.deepEqual(metadata['inputs'], inputs);
    const config = (await json('/v2/models/digits/versions/1/config')) as Record<string, unknown>;
    assert.equal(config['name'], 'digits');
    assert.equal(config['max_batch_size'], 1024);
    const [input] = config['input'] as Record<string, unknown>[];
    assert.deepEqual([input?.['data_type'], input?.['dims']], ['TYPE_FP32', [8, 8]]);
  });

  test('versions: all of them, the highest first, whatever the default is; an exact one alone', async () => {
    const versions = async (path: string) => ((await json(path)) as { versions: string[] }).versions;
    assert.deepEqual(await versions('/v2/models/churn'), ['2.0.0', '1.1.0', '1.0.0']);
    assert.deepEqual(await versions('/v2/models/churn/versions/1.0.0'), ['1.0.0']);
    assert.deepEqual(await json('/v2/models/churn/versions/1.0.0/ready'), { name: 'churn', ready: true });
  });

  test('statistics count what was asked, as numbers', async () => {
    await ask('POST', '/v2/models/digits/infer', { inputs: [image] });
    for (const path of [
      '/v2/models/digits/stats',
      '/v2/models/digits/versions/1/stats',
      '/v2/models/stats',
    ]) {
      const { model_stats: stats } = (await json(path)) as { model_stats: Record<string, unknown>[] };
      const [digits] = stats;
      assert.deepEqual(
        [digits?.['name'], digits?.['version'], digits?.['inference_count']],
        ['digits', '1', 1],
      );
      const times = digits?.['inference_stats'] as { success: { count: number; ns: number } } | undefined;
      assert.equal(times?.success.count, 1);
      assert.ok(times.success.ns > 0);
    }
  });

  test('a model is unloaded and loaded again, and the index says so', async () => {
    const states = async (body: object) => {
      const { json: index } = await ask('POST', '/v2/repository/index', body);
      return (index as { name: string; state: string }[])
        .filter(({ name }) => name === 'digits')
        .map(({ state }) => state);
    };
    assert.equal((await ask('POST', '/v2/repository/models/digits/unload')).status, 200);
    assert.deepEqual(await states({}), ['UNAVAILABLE']);
    assert.deepEqual(await states({ ready: true }), []);
    assert.equal((await ask('GET', '/v2/models/digits/ready')).status, 503);
    assert.equal((await ask('POST', '/v2/repository/models/digits/load', {})).status, 200);
    assert.deepEqual(await states({ ready: true }), ['READY']);
  });

  test('a release cannot be overridden when it is loaded', async () => {
    const body = { parameters: { config: '{}' } };
    assert.equal((await ask('POST', '/v2/repository/models/digits/load', body)).status, 501);
  });
});
