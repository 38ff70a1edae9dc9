import assert from 'node:assert/strict';
import { request } from 'node:http';
import { buffer } from 'node:stream/consumers';
import { after, before, describe, test } from 'node:test';
import { deflateSync, gunzipSync, gzipSync, inflateSync } from 'node:zlib';
import { bytesOfStrings } from '@sluice/kernel/tensor/bytes-elements';
import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { startSluice } from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { type Ask, asking } from './ask.ts';

interface Answer {
  readonly id?: string;
  readonly outputs: readonly { readonly name: string; readonly data: unknown }[];
}

const input = (name: string, datatype: string, data: readonly unknown[], shape = [data.length]) => ({
  name,
  datatype,
  shape,
  data,
});
const sized = (name: string, datatype: string, shape: readonly number[], size: number) => ({
  name,
  datatype,
  shape,
  parameters: { binary_data_size: size },
});
const octets = 'application/octet-stream';

describe('inference over REST', () => {
  const stack = new AsyncDisposableStack();
  let http = '';
  let ask: Ask;

  before(async () => {
    const shape = ['N'];
    const store = stack.use(
      await temporaryStore({
        'wide/1/model.onnx': identityModel([
          { datatype: 'INT64', shape },
          { datatype: 'FP64', shape },
          { datatype: 'BYTES', shape },
        ]),
        'half/1/model.onnx': identityModel([{ datatype: 'FP16', shape }]),
        'row/1/model.onnx': identityModel([{ datatype: 'FP32', shape: ['N', 2] }]),
      }),
    );
    const { gateway } = stack.use(await startSluice({ store: store.url }));
    http = gateway.http;
    ask = asking(http);
  });
  after(() => stack.disposeAsync());

  const wide = [
    input('x0', 'INT64', [1, -2]),
    input('x1', 'FP64', [0.5, 'NaN']),
    input('x2', 'BYTES', ['a', 'ü']),
  ];

  test('JSON comes back as JSON, with the id, the release and a prediction id', async () => {
    const { json, headers } = await ask('POST', '/v2/models/wide/infer', { id: 'r', inputs: wide });
    const answer = json as Answer & Record<string, unknown>;
    assert.deepEqual([answer.id, answer['model_name'], answer['model_version']], ['r', 'wide', '1']);
    assert.deepEqual(
      answer.outputs.map(({ data }) => data),
      wide.map(({ data }) => data),
    );
    assert.match(headers.get('sluice-prediction-id') ?? '', /^[0-9a-f]{8}-[0-9a-f]{4}-7/);
  });

  test('nested data and a choice of outputs', async () => {
    const rows = input(
      'x0',
      'FP32',
      [
        [1, 2],
        [3, 4],
      ],
      [2, 2],
    );
    const { json } = await ask('POST', '/v2/models/row/versions/1/infer', {
      inputs: [rows],
      outputs: [{ name: 'y0' }],
    });
    assert.deepEqual((json as Answer).outputs, [
      { name: 'y0', datatype: 'FP32', shape: [2, 2], data: [1, 2, 3, 4] },
    ]);
  });

  const binaryRequest = (outputs: readonly object[], parameters: object) => {
    const int64 = Buffer.from(BigInt64Array.of(9007199254740993n).buffer);
    const texts = Buffer.from(bytesOfStrings(['\u0001é']));
    const inputs = [
      sized('x0', 'INT64', [1], 8),
      input('x1', 'FP64', [1]),
      sized('x2', 'BYTES', [1], texts.length),
    ];
    const header = Buffer.from(JSON.stringify({ inputs, outputs, parameters }));
    const body = Uint8Array.from(Buffer.concat([header, int64, texts]));
    return { body, int64, texts, headers: { 'inference-header-content-length': String(header.length) } };
  };

  test('binary comes back as binary behind its JSON, in order', async () => {
    const { body, int64, texts, headers } = binaryRequest([], { binary_data_output: true });
    const response = await fetch(`${http}/v2/models/wide/infer`, { method: 'POST', body, headers });
    assert.equal(response.headers.get('content-type'), octets);
    const received = Buffer.from(await response.arrayBuffer());
    const length = Number(response.headers.get('inference-header-content-length'));
    const { outputs } = JSON.parse(received.toString('utf8', 0, length)) as {
      outputs: { parameters: unknown }[];
    };
    assert.deepEqual(
      outputs.map(({ parameters }) => parameters),
      [8, 8, texts.length].map((size) => ({ binary_data_size: size })),
    );
    assert.deepEqual(
      received.subarray(length),
      Buffer.concat([int64, Buffer.from(Float64Array.of(1).buffer), texts]),
    );
  });

  test('binary in, JSON out: 64-bit integers digit by digit', async () => {
    const { body, headers } = binaryRequest([{ name: 'x0' }].slice(1), {});
    const { text } = await ask('POST', '/v2/models/wide/infer', body, { ...headers, 'content-type': octets });
    assert.match(text, /"data":\[9007199254740993\]/);
  });

  test('a raw body is one row of the only input', async () => {
    const row = new Uint8Array(Float32Array.of(1.5, -2).buffer);
    const headers = { 'inference-header-content-length': '0' };
    const response = await fetch(`${http}/v2/models/row/infer`, { method: 'POST', body: row, headers });
    const received = new Uint8Array(await response.arrayBuffer());
    assert.deepEqual(received.subarray(Number(response.headers.get('inference-header-content-length'))), row);
    assert.equal((await ask('POST', '/v2/models/wide/infer', row, headers)).status, 400);
  });

  test('FP16 goes as binary, and says so where JSON is asked for', async () => {
    const header = JSON.stringify({ inputs: [sized('x0', 'FP16', [1], 2)] });
    const body = Uint8Array.from(Buffer.concat([Buffer.from(header), Buffer.of(0, 0x3c)]));
    const headers = { 'inference-header-content-length': String(header.length) };
    const { status, json } = await ask('POST', '/v2/models/half/infer', body, headers);
    assert.equal(status, 400);
    assert.match((json as { error: string }).error, /outputs\.y0: FP16 has no JSON form/);
  });

  test('bodies are compressed both ways', async () => {
    const long = input('x2', 'BYTES', ['a'.repeat(2000), '']);
    const plain = JSON.stringify({ inputs: [wide[0], wide[1], long] });
    for (const [encoding, pack, unpack] of [
      ['gzip', gzipSync, gunzipSync],
      ['deflate', deflateSync, inflateSync],
    ] as const) {
      const headers = { 'content-encoding': encoding, 'accept-encoding': encoding };
      const sent = Promise.withResolvers<{ encoding: unknown; body: Buffer }>();
      const call = request(`${http}/v2/models/wide/infer`, { method: 'POST', headers }, async (response) => {
        sent.resolve({ encoding: response.headers['content-encoding'], body: await buffer(response) });
      });
      call.end(pack(plain));
      const { encoding: received, body } = await sent.promise;
      assert.equal(received, encoding);
      assert.deepEqual((JSON.parse(unpack(body).toString()) as Answer).outputs[2]?.data, long.data);
    }
  });
});
