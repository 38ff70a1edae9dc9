import { type Clients, connect } from '../support/clients.ts';
import type { RunningSluice } from '../support/sluice.ts';
import { bareLoop } from './bare.ts';
import { closedLoop, type Load } from './load.ts';
import { inferOnce } from './request.ts';
import { streamLoad } from './stream.ts';

/** One line of the table. */
export interface Row {
  readonly name: string;
  readonly measure: () => Promise<Load>;
}

const unaryRows = (name: string, clients: Clients, inFlights: readonly number[]): Row[] =>
  inFlights.map((inFlight) => ({
    name: `${name}, unary gRPC, ${inFlight} in flight`,
    measure: () => closedLoop(inFlight === 1 ? 3_000 : 15_000, inFlight, inferOnce(clients)),
  }));

/** The rows of the first version; all systems are up at once, and the rounds go through the rows in turn. */
export const benchRows = ({ gateway, runtimes }: RunningSluice, stack: DisposableStack): Row[] => {
  const direct = stack.use(connect(runtimes[0]?.grpc ?? ''));
  const through = stack.use(connect(gateway.grpc));
  return [
    { name: 'bare onnxruntime-node loop', measure: () => bareLoop(20_000) },
    ...unaryRows('model-runtime alone', direct, [1, 64]),
    ...unaryRows('gateway + runtime', through, [1, 16, 64, 256]),
    { name: 'gateway + runtime, ModelStreamInfer', measure: () => streamLoad(through, 30_000) },
  ];
};
