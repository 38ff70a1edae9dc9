import assert from 'node:assert/strict';
import { after, before, describe, test } from 'node:test';
import { startSluice } from '../../support/sluice.ts';
import { type Ask, asking, churn } from './ask.ts';

interface Answer {
  readonly predictionId: string;
  readonly release: { readonly name: string; readonly version: string; readonly digest: string };
  readonly prediction: { readonly outputs: Readonly<Record<string, unknown>> };
  readonly timings: Readonly<Record<string, number>>;
  readonly traceId: string;
  readonly requestId: string;
}

describe('sluice.v1 over REST', () => {
  const stack = new AsyncDisposableStack();
  let ask: Ask;

  before(async () => {
    ask = asking(stack.use(await startSluice()).gateway.http);
  });
  after(() => stack.disposeAsync());

  const predict = async (path: string, body: object, headers = {}) => {
    const reply = await ask('POST', path, body, headers);
    assert.equal(reply.status, 200, reply.text);
    return { ...reply, answer: reply.json as Answer };
  };

  test('a prediction answers with its id, release, outputs, timings and trace', async () => {
    const traceId = '0af7651916cd43dd8448eb211c80319c';
    const { answer, headers } = await predict(
      '/v1/models/churn:predict',
      { ...churn, requestId: 'r' },
      {
        traceparent: `00-${traceId}-b7ad6b7169203331-00`,
      },
    );
    assert.match(answer.predictionId, /^[0-9a-f-]{36}$/);
    assert.equal(headers.get('sluice-prediction-id'), answer.predictionId);
    assert.deepEqual([answer.release.name, answer.release.version], ['churn', '1.1.0']);
    assert.match(answer.release.digest, /^sha256:/);
    assert.equal(typeof answer.prediction.outputs['churn_probability'], 'number');
    assert.deepEqual(Object.keys(answer.timings), ['queueMs', 'computeMs', 'totalMs']);
    assert.equal(answer.traceId, traceId);
    assert.equal(answer.requestId, 'r');
  });

  test('the version is in the path or in the body', async () => {
    const versions = [
      await predict('/v1/models/churn/versions/1.0.0:predict', churn),
      await predict('/v1/models/churn:predict', { ...churn, version: '1.0.0' }),
      await predict('/v1/predict', { model: 'churn', version: '1.0.0', ...churn }),
      await predict('/v1/models/churn/versions/1.0.0:predict', {
        model: 'churn',
        version: '1.0.0',
        ...churn,
      }),
    ];
    for (const { answer } of versions) assert.equal(answer.release.version, '1.0.0');
  });

  test('path and body that contradict each other are malformed', async () => {
    for (const [path, body] of [
      ['/v1/models/churn:predict', { model: 'digits' }],
      ['/v1/models/churn/versions/1.0.0:predict', { version: '1.1.0' }],
    ] as const) {
      const { status, json } = await ask('POST', path, { ...churn, ...body });
      assert.equal(status, 400);
      assert.equal((json as { code: string }).code, 'MALFORMED_REQUEST');
    }
  });

  test('an interval and a list come as JSON has them', async () => {
    const { answer } = await predict('/v1/models/digits:predict', {
      features: { image: new Array(64).fill(0) },
    });
    assert.equal((answer.prediction.outputs['probabilities'] as number[]).length, 10);
  });

  test('models, a release and a signature are told', async () => {
    const { json: list } = await ask('GET', '/v1/models');
    const { models } = list as { models: { name: string; releases: { state: string }[] }[] };
    assert.deepEqual(
      models.map(({ name, releases }) => [name, releases.length]),
      [
        ['car-price', 1],
        ['churn', 3],
        ['digits', 1],
        ['house-price', 1],
      ],
    );
    const { json: one } = await ask('GET', '/v1/models/churn');
    const { release } = one as {
      release: { release: { version: string }; isDefault: boolean; state: string };
    };
    assert.deepEqual(
      [release.release.version, release.isDefault, release.state],
      ['1.1.0', true, 'RELEASE_STATE_READY'],
    );
    for (const path of ['/v1/models/churn/signature', '/v1/models/churn/versions/1/signature']) {
      const { json } = await ask('GET', path);
      const { signature } = json as { signature: { features: { name: string }[]; outputNames: string[] } };
      assert.equal(signature.features[0]?.name, 'tenure');
      assert.ok(signature.outputNames.includes('churn_probability'));
    }
  });
});
