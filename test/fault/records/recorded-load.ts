import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import { type Clients, unary } from '../../support/clients.ts';
import { waitFor } from '../../support/wait-for.ts';

const inFlight = 8;
/** After a failure, as a caller who was told to come back later. */
const pauseMs = 20;
/** Ends a load that a test forgot to stop: more than the long form asks in its time. */
const maxRequests = 10_000_000;

/** A closed loop of unary requests; the client's own list of what was acknowledged is the truth of the tests. */
export interface RecordedLoad extends Disposable {
  readonly acknowledged: ReadonlySet<string>;
  /** How many were not answered, by gRPC status. */
  readonly failures: ReadonlyMap<number, number>;
  /** Waits until so many more were acknowledged. */
  more(answers: number): Promise<void>;
  stop(): Promise<void>;
}

const row = Buffer.alloc(4);
const request = {
  modelName: 'echo',
  inputs: [{ name: 'x0', datatype: 'FP32', shape: [1, 1] }],
  rawInputContents: [row],
};

const ask = async ({ inference }: Clients): Promise<string> => {
  const answer = await unary<ModelInferResponse__Output>((done) =>
    inference.ModelInfer(request, { deadline: Date.now() + 10_000 }, done),
  );
  return answer.parameters['sluice_prediction_id']?.stringParam ?? '';
};

/** Asks one of the gateways after the other. */
export const startRecordedLoad = (gateways: readonly { readonly clients: Clients }[]): RecordedLoad => {
  const acknowledged = new Set<string>();
  const failures = new Map<number, number>();
  let asked = 0;
  let stopped = false;
  const loop = async (): Promise<void> => {
    while (!stopped && asked < maxRequests) {
      const gateway = gateways[asked % gateways.length];
      asked += 1;
      if (gateway === undefined) return;
      try {
        acknowledged.add(await ask(gateway.clients));
      } catch (error) {
        const { code = -1 } = error as { readonly code?: number };
        failures.set(code, (failures.get(code) ?? 0) + 1);
        await new Promise((resolve) => setTimeout(resolve, pauseMs));
      }
    }
  };
  const loops = Promise.all(Array.from({ length: inFlight }, loop));
  return {
    acknowledged,
    failures,
    more: async (answers) => {
      const enough = acknowledged.size + answers;
      await waitFor(`${answers} more answers`, () => acknowledged.size >= enough, 120_000);
    },
    stop: async () => {
      stopped = true;
      await loops;
    },
    [Symbol.dispose]: () => {
      stopped = true;
    },
  };
};
