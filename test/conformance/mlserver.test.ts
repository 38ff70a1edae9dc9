import assert from 'node:assert/strict';
import { once } from 'node:events';
import { after, before, describe, test } from 'node:test';
import { Metadata, type ServiceError, status } from '@grpc/grpc-js';
import { fromStruct, toStruct } from '@sluice/kernel/features/struct';
import { stringsOfBytes } from '@sluice/kernel/tensor/bytes-elements';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import { refusalOf } from '../e2e/bad-input/grpc-refusal.ts';
import { type Clients, connect, unary } from '../support/clients.ts';
import { type OtlpReceiver, startOtlpGrpcReceiver, startOtlpReceiver } from '../support/otlp-receiver.ts';
import { type RunningGateway, startGateway } from '../support/sluice.ts';
import { temporaryStore } from '../support/store.ts';
import { waitFor } from '../support/wait-for.ts';
import {
  type GoldenRow,
  mlserverRequirements,
  type RunningMlserver,
  startMlserver,
  type Trained,
  trainExample,
} from './mlserver.ts';
import { doubles, tensorsOf } from './mlserver-rows.ts';
import { conformanceVenv, reasonToSkip } from './venv.ts';

/**
 * The real MLServer from PyPI as a runtime: a scikit-learn pipeline that was never converted to ONNX,
 * behind the same doors as any other release.
 */

const venv = await conformanceVenv({ requirements: mlserverRequirements, newest: [3, 12], compile: false });
const skip = reasonToSkip(venv, process.env);
if (skip !== undefined) console.error(`\n*** SKIPPED: ${skip} ***\n`);

/** Nobody listens there: no runtime of Sluice's own takes part. */
const noRuntime = ['127.0.0.1:1'];
const callersSpan = '00f067aa0ba902b7';
const [serverKind, clientKind] = [2, 3];

const unexpected = (): never => assert.fail('it was answered');

describe('a scikit-learn pipeline in MLServer behind Sluice', { skip: skip ?? false }, () => {
  const stack = new AsyncDisposableStack();
  let trained: Trained;
  let mlserver: RunningMlserver;
  let gateway: RunningGateway;
  let clients: Clients;
  let collector: OtlpReceiver;
  let itsCollector: OtlpReceiver;

  const launch = async (): Promise<RunningMlserver> => {
    const env = { MLSERVER_TRACING_SERVER: itsCollector.url, OTEL_BSP_SCHEDULE_DELAY: '50' };
    return stack.use(await startMlserver('python' in venv ? venv.python : '', trained, env));
  };
  const predict = (features: object, metadata = new Metadata()): Promise<PredictResponse__Output> =>
    unary((done) =>
      clients.prediction.Predict(
        { model: 'progression', features: toStruct({ ...features }) },
        metadata,
        done,
      ),
    );
  const isServed = async (): Promise<boolean> => {
    const { ready } = await unary<{ ready: boolean }>((done) =>
      clients.inference.ModelReady({ name: 'progression' }, done as never),
    );
    return ready;
  };
  const goldenRow = (): GoldenRow => trained.golden[0] as GoldenRow;

  before(async () => {
    const store = stack.use(await temporaryStore());
    [collector, itsCollector] = [
      stack.use(await startOtlpReceiver()),
      stack.use(await startOtlpGrpcReceiver()),
    ];
    trained = await trainExample('python' in venv ? venv.python : '', store);
    mlserver = await launch();
    gateway = stack.use(
      await startGateway(noRuntime, store.url, {
        UPSTREAM_POLL_MS: '50',
        OTEL_EXPORTER_OTLP_ENDPOINT: collector.url,
        OTEL_BSP_SCHEDULE_DELAY: '50',
      }),
    );
    clients = stack.use(connect(gateway.grpc));
    await waitFor('the golden cases to be right', isServed);
  });
  after(() => stack.disposeAsync());

  test('Predict answers raw rows as scikit-learn itself does, with the names of the manifest', async () => {
    for (const { features, outputs } of trained.golden) {
      const { prediction, release } = await predict(features);
      const { progression, fast_probability } = fromStruct(prediction?.outputs ?? null);
      assert.equal(progression, outputs.progression);
      assert.ok(Math.abs(Number(fast_probability) - outputs.fast_probability) < 1e-9);
      assert.match(release?.digest ?? '', /^sha256:/);
    }
  });

  test('REST answers the same', async () => {
    const { features, outputs } = goldenRow();
    const response = await fetch(`${gateway.http}/v1/models/progression:predict`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ features }),
    });
    const { prediction } = (await response.json()) as { prediction: { outputs: Record<string, unknown> } };
    assert.equal(prediction.outputs['progression'], outputs.progression);
  });

  test('PredictStream answers every item', async () => {
    const stream = clients.prediction.PredictStream();
    const answered = new Map<string, unknown>();
    stream.on('data', ({ response }) => {
      answered.set(response?.requestId, fromStruct(response?.prediction?.outputs ?? null)['progression']);
    });
    for (const [index, { features }] of trained.golden.entries())
      stream.write({
        predict: { model: 'progression', features: toStruct(features), requestId: `${index}` },
      });
    stream.end();
    await once(stream, 'end');
    assert.deepEqual(
      [...answered].sort(),
      trained.golden.map(({ outputs }, index) => [`${index}`, outputs.progression]),
    );
  });

  test('ModelInfer answers a batch of rows with both outputs raw, or with the one that was asked for', async () => {
    const rows = trained.golden;
    const infer = (outputs: { name: string }[]): Promise<ModelInferResponse__Output> =>
      unary((done) =>
        clients.inference.ModelInfer({ modelName: 'progression', outputs, ...tensorsOf(rows) }, done),
      );
    const { outputs, rawOutputContents, modelVersion } = await infer([]);
    assert.equal(modelVersion, '1.0.0');
    assert.deepEqual(
      outputs.map(({ name, datatype, shape }) => [name, datatype, shape.map(Number)]),
      [
        ['predict', 'BYTES', [rows.length, 1]],
        ['predict_proba', 'FP64', [rows.length, 2]],
      ],
    );
    assert.deepEqual(stringsOfBytes(rawOutputContents[0] ?? Buffer.of()), {
      value: rows.map((row) => row.outputs.progression),
    });
    const one = await infer([{ name: 'predict_proba' }]);
    assert.deepEqual(
      one.outputs.map(({ name }) => name),
      ['predict_proba'],
    );
    const fast = doubles(one.rawOutputContents[0]).filter((_, index) => index % 2 === 0);
    for (const [index, { outputs: expected }] of rows.entries())
      assert.ok(Math.abs((fast[index] ?? Number.NaN) - expected.fast_probability) < 1e-9);
  });

  test('wrong input is refused in our words, before MLServer is asked', async () => {
    const { features } = goldenRow();
    const faults = await predict({ ...features, sex: 'c', bmi: 'high' }).then(unexpected, refusalOf);
    assert.equal(faults.code, 'INVALID_INPUT');
    assert.deepEqual(faults.violations?.map(({ path }) => path).sort(), ['features.bmi', 'features.sex']);
    const { inputs, rawInputContents } = tensorsOf(trained.golden);
    const short = {
      modelName: 'progression',
      inputs,
      rawInputContents: rawInputContents.map(() => Buffer.of(1)),
    };
    const refusal = await unary((done) => clients.inference.ModelInfer(short, done)).then(
      unexpected,
      refusalOf,
    );
    assert.match(refusal.message, /inputs\.age\.data: FP64 of shape \[5,1\] needs 40 bytes, 1 came/);
  });

  test('one trace goes through the gateway into MLServer', async () => {
    const traceId = '0123456789abcdef0123456789abcdef';
    const metadata = new Metadata();
    metadata.set('traceparent', `00-${traceId}-${callersSpan}-01`);
    await predict(goldenRow().features, metadata);
    const spanOf = ({ spans }: OtlpReceiver, kind: number) =>
      waitFor(`a span of kind ${kind}`, () =>
        spans.find((span) => span.traceId === traceId && span.kind === kind),
      );
    const server = await spanOf(collector, serverKind);
    const client = await spanOf(collector, clientKind);
    const its = await spanOf(itsCollector, serverKind);
    assert.equal(server.parentSpanId, callersSpan);
    assert.equal(client.parentSpanId, server.spanId);
    assert.equal(its.parentSpanId, client.spanId);
    assert.match(its.name, /GRPCInferenceService\/ModelInfer$/);
    assert.equal(client.name, 'inference.GRPCInferenceService/ModelInfer');
    assert.equal(`${client.attributes['server.address']}:${client.attributes['server.port']}`, trained.grpc);
  });

  test('after kill -9 callers are told when to come back, and when MLServer is back they are served', async () => {
    await mlserver.kill();
    await waitFor('the gateway to notice', async () => !(await isServed()));
    const refused = await predict(goldenRow().features).then(unexpected, (error: ServiceError) => error);
    assert.equal(refused.code, status.UNAVAILABLE);
    const { code, message, retryAfterMs } = refusalOf(refused);
    assert.equal(code, 'RELEASE_UNAVAILABLE');
    assert.match(message, /progression 1\.0\.0 is not available: grpc:.* is not reachable/);
    assert.equal(retryAfterMs, 1_000);
    mlserver = await launch();
    await waitFor('the release to be served again', isServed);
    const { prediction } = await predict(goldenRow().features);
    assert.equal(fromStruct(prediction?.outputs ?? null)['progression'], goldenRow().outputs.progression);
  });
});
