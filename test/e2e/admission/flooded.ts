import { identityModel } from '@sluice/kernel/testing/onnx-model';
import { type Clients, connect } from '../../support/clients.ts';
import {
  type Environment,
  type RunningGateway,
  type RunningRuntime,
  startGateway,
  startRuntime,
} from '../../support/sluice.ts';
import { temporaryStore } from '../../support/store.ts';
import { waitFor } from '../../support/wait-for.ts';
import { metricValue } from '../bad-input/metrics.ts';
import { restDoor } from '../bad-input/rest-door.ts';
import type { DomainRequest, SendRequest } from '../bad-input/row.ts';
import { unaryDoor } from '../bad-input/unary-door.ts';

/** A gateway over two models that answer what they are asked, each in a runtime of its own. */
export interface Flooded extends AsyncDisposable {
  readonly gateway: RunningGateway;
  /** Over one connection. */
  readonly clients: Clients;
  readonly unary: SendRequest;
  readonly rest: SendRequest;
  /** Stands still between the two, so that whatever was sent to `still` is under way. */
  readonly stop: () => void;
  readonly goOn: () => void;
  /** A number of admission for a model. */
  readonly admission: (
    what: 'limit' | 'in_flight_requests' | 'waiting_requests',
    model: string,
  ) => Promise<number>;
  readonly refused: (model: string, reason: string) => Promise<number>;
  /** Until so many are admitted to `still` and so many wait for it. */
  readonly until: (inFlight: number, waiting: number) => Promise<unknown>;
}

const echo = identityModel([{ datatype: 'FP32', shape: ['N', 'M'] }]);

export const startFlooded = async (env: Environment): Promise<Flooded> => {
  await using stack = new AsyncDisposableStack();
  const store = stack.use(await temporaryStore({ 'still/1/model.onnx': echo, 'quick/1/model.onnx': echo }));
  const runtimeOf = async (model: string): Promise<RunningRuntime> =>
    stack.use(await startRuntime(store.url, { LOAD_MODELS: model }));
  const [still, quick] = await Promise.all([runtimeOf('still'), runtimeOf('quick')]);
  const gateway = stack.use(await startGateway([still.grpc, quick.grpc], store.url, env));
  const clients = stack.use(connect(gateway.grpc));
  const admission: Flooded['admission'] = (what, model) =>
    metricValue(gateway.metrics, `sluice_admission_${what}`, { model });
  const rest = restDoor(gateway.http);
  const unary = unaryDoor(clients);
  // Both are there: the gateway is ready with one of them.
  for (const model of ['still', 'quick'])
    await waitFor(`${model} to be served`, async () => 'answered' in (await unary(tensors({ model }))));
  const owned = stack.move();
  return {
    gateway,
    clients,
    unary,
    rest,
    stop: () => still.signal('SIGSTOP'),
    goOn: () => still.signal('SIGCONT'),
    admission,
    refused: (model, reason) =>
      metricValue(gateway.metrics, 'sluice_admission_refused_total', { model, reason }),
    until: (inFlight, waiting) =>
      waitFor(
        `${inFlight} to be in flight and ${waiting} to wait`,
        async () =>
          (await admission('in_flight_requests', 'still')) === inFlight &&
          (await admission('waiting_requests', 'still')) === waiting,
      ),
    [Symbol.asyncDispose]: () => owned.disposeAsync(),
  };
};

interface Asked {
  readonly model?: string;
  readonly priority?: number;
  /** Numbers in the input, four bytes each. */
  readonly count?: number;
}

export const tensors = ({ model = 'still', priority = 0, count = 1 }: Asked = {}): DomainRequest => ({
  infer: {
    model,
    inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, count], values: new Array<number>(count).fill(0) }],
    parameters: { priority },
  },
});

export const features = ({ model = 'still', priority = 0 }: Asked = {}): DomainRequest => ({
  predict: { model, features: { x0: [1] }, parameters: { priority } },
});
