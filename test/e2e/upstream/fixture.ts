import { failingModel, identityModel } from '@sluice/kernel/testing/onnx-model';
import { echoModel, slowModel } from '../../fault/support/models.ts';
import { runtimePorts } from '../../fault/support/ports.ts';
import { type Clients, connect, unary } from '../../support/clients.ts';
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { type TemporaryStore, temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import { type Declared, fp32, goldenEcho, upstreamManifest } from './manifest.ts';

/** A lone Sluice runtime that stands for any other server, and a gateway that knows it only as such. */
export interface UpstreamFixture extends AsyncDisposable {
  /** grpc://host:port of the other server. */
  readonly url: string;
  readonly other: RunningRuntime;
  readonly otherStore: TemporaryStore;
  /** The gateway's own runtime, over the gateway's store. */
  readonly own: RunningRuntime;
  readonly gateway: RunningGateway;
  readonly clients: Clients;
  /** kill -9, awaited. */
  kill(): Promise<void>;
  /** Starts the other server anew on its ports. */
  start(): Promise<void>;
  /** Waits until a model is ready, or is not. */
  until(model: string, ready: boolean): Promise<void>;
  /** Why a model is not served. */
  reasonOf(model: string): Promise<string>;
}

const echo = { inputs: [fp32('x0', -1, 1)], outputs: [fp32('y0', -1, 1)] };
const int64 = (name: string, ...shape: number[]): Declared => ({ name, datatype: 'INT64', shape });

/** What the other server serves. */
const otherFiles = {
  'echo/1/model.onnx': echoModel(),
  'wide/1/model.onnx': identityModel([{ datatype: 'FP32', shape: ['N', 3] }]),
  'slow/1/model.onnx': slowModel(),
  'failing/1/model.onnx': failingModel(),
};

/** What the gateway's store says of it. */
const ownFiles = (address: string): Record<string, Uint8Array | string> => ({
  'near/1/model.onnx': echoModel(),
  'far/1.0.0/sluice.yaml': upstreamManifest('far', { address, of: 'echo', ...echo }),
  'far/1.0.0/golden.jsonl': goldenEcho(2, 2),
  'mistaken/1.0.0/sluice.yaml': upstreamManifest('mistaken', { address, of: 'echo', ...echo }),
  'mistaken/1.0.0/golden.jsonl': goldenEcho(2, 3),
  'other-type/1.0.0/sluice.yaml': upstreamManifest('other-type', {
    address,
    of: 'echo',
    inputs: echo.inputs,
    outputs: [{ name: 'y0', datatype: 'FP64', shape: [-1, 1] }],
  }),
  'other-type/1.0.0/golden.jsonl': goldenEcho(2, 2, 'FP64'),
  'far-failing/1.0.0/sluice.yaml': upstreamManifest('far-failing', {
    address,
    of: 'failing',
    inputs: [int64('index', -1)],
    outputs: [fp32('row', -1, 2)],
  }),
  'nowhere/1.0.0/sluice.yaml': upstreamManifest('nowhere', { address, of: 'nobody', ...echo }),
  'loose/1.0.0/sluice.yaml': upstreamManifest('loose', {
    address,
    of: 'wide',
    inputs: [fp32('x0', -1, -1)],
    outputs: [fp32('y0', -1, -1)],
  }),
  'far-slow/1.0.0/sluice.yaml': upstreamManifest('far-slow', {
    address,
    of: 'slow',
    inputs: [int64('size', 2)],
    outputs: [fp32('sum')],
  }),
});

export const startUpstream = async (env: Environment = {}): Promise<UpstreamFixture> => {
  await using starting = new AsyncDisposableStack();
  const ports = await runtimePorts();
  const otherStore = starting.use(await temporaryStore(otherFiles));
  let other = starting.use(await startRuntime(otherStore.url, ports));
  const store = starting.use(await temporaryStore(ownFiles(other.grpc)));
  const own = starting.use(await startRuntime(store.url));
  const gateway = starting.use(await startGateway([own.grpc], store.url, { UPSTREAM_POLL_MS: '20', ...env }));
  const clients = starting.use(connect(gateway.grpc));
  const stack = starting.move();
  const reasonOf = async (model: string): Promise<string> => {
    const { models } = await unary<{ models: readonly { name: string; reason: string }[] }>((done) =>
      clients.inference.RepositoryIndex({}, done as never),
    );
    return models.find(({ name }) => name === model)?.reason ?? '';
  };
  return {
    url: `grpc://${other.grpc}`,
    otherStore,
    own,
    gateway,
    clients,
    reasonOf,
    get other() {
      return other;
    },
    kill: async () => {
      other.signal('SIGKILL');
      await other.exited;
    },
    start: async () => {
      other = stack.use(await startRuntime(otherStore.url, ports));
    },
    until: async (model, expected) => {
      await waitFor(`${model} to be ${expected ? 'ready' : 'not ready'}`, async () => {
        const { ready } = await unary<{ ready: boolean }>((done) =>
          clients.inference.ModelReady({ name: model }, done as never),
        );
        return ready === expected;
      });
    },
    [Symbol.asyncDispose]: () => stack.disposeAsync(),
  };
};
