import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, afterEach, before, beforeEach, suite, test } from 'node:test';
import { toStruct } from '@sluice/kernel/features/struct';
import { type Flooded, startFlooded, tensors } from './flooded.ts';

const items = 10_000;
const inFlight = 8;

suite('streams in front of a model that is slower than they are', () => {
  let flooded: Flooded;
  // For each test anew: the limit falls where the model takes long, and is where it was only after a while.
  beforeEach(async () => {
    // Nobody may wait; streams do.
    flooded = await startFlooded({ ADMISSION_MAX_IN_FLIGHT: String(inFlight), MAX_WAITING: '0' });
  });
  afterEach(() => flooded[Symbol.asyncDispose]());

  const modelStreamInfer = () => {
    const stream = flooded.clients.inference.ModelStreamInfer();
    const ids: string[] = [];
    stream.on('data', ({ errorMessage, inferResponse }) => ids.push(errorMessage || inferResponse?.id));
    const write = (id: number): unknown =>
      stream.write({
        modelName: 'still',
        id: String(id),
        inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 1] }],
        rawInputContents: [Buffer.alloc(4)],
      });
    return { stream, ids, write };
  };

  const predictStream = () => {
    const stream = flooded.clients.prediction.PredictStream();
    const ids: string[] = [];
    stream.on('data', ({ error, response }) => ids.push(error?.message ?? response?.requestId));
    const write = (id: number): unknown =>
      stream.write({ predict: { model: 'still', requestId: String(id), features: toStruct({ x0: [id] }) } });
    return { stream, ids, write };
  };

  for (const [name, open] of [
    ['ModelStreamInfer', modelStreamInfer],
    ['PredictStream', predictStream],
  ] as const) {
    test(`${name}: ${items} items are all answered and none is refused; one of them waits at a time`, async () => {
      flooded.stop();
      const { stream, ids, write } = open();
      for (let id = 0; id < items; id += 1) write(id);
      stream.end();
      await flooded.until(inFlight, 1);
      const alone = await flooded.unary(tensors());
      assert.ok('refused' in alone && alone.refused.code === 'OVERLOADED');
      await flooded.until(inFlight, 1);
      flooded.goOn();
      await once(stream, 'end');
      assert.deepEqual(
        ids.map(Number).sort((a, b) => a - b),
        [...Array(items).keys()],
      );
      await flooded.until(0, 0);
    });
  }

  test('many streams share what is admitted, and each has one item waiting', async () => {
    flooded.stop();
    const streams = Array.from({ length: 20 }, predictStream);
    for (const { write, stream } of streams) {
      for (let id = 0; id < 100; id += 1) write(id);
      stream.end();
    }
    await flooded.until(inFlight, streams.length);
    const ended = streams.map(({ stream }) => once(stream, 'end'));
    flooded.goOn();
    await Promise.all(ended);
    for (const { ids } of streams) assert.equal(new Set(ids.map(Number)).size, 100);
  });
});

suite('bytes of inputs', () => {
  let flooded: Flooded;
  before(async () => {
    flooded = await startFlooded({ MAX_CONNECTION_BYTES: '10000', MAX_IN_FLIGHT_BYTES: '18000' });
  });
  after(() => flooded[Symbol.asyncDispose]());

  test('of one connection and of all are bounded, and free again with the answers', async () => {
    flooded.stop();
    const large = tensors({ count: 2_000 });
    const first = flooded.unary(large);
    await flooded.until(1, 0);
    const second = await flooded.unary(large);
    assert.ok('refused' in second && second.refused.code === 'OVERLOADED');
    assert.match(second.refused.message, /over this connection/);
    // REST keeps several connections.
    const third = flooded.rest(large);
    await flooded.until(2, 0);
    const fourth = await flooded.rest(large);
    assert.ok('refused' in fourth && fourth.refused.code === 'OVERLOADED');
    assert.match(fourth.refused.message, /of the requests in flight/);
    flooded.goOn();
    assert.deepEqual(await Promise.all([first, third]), [{ answered: ['y0'] }, { answered: ['y0'] }]);
    assert.deepEqual(await flooded.unary(large), { answered: ['y0'] });
    assert.deepEqual(
      [await flooded.refused('still', 'connection_bytes'), await flooded.refused('still', 'bytes')],
      [1, 1],
    );
  });
});
