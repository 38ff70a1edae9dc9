import { type ChannelOptions, type Client, credentials } from '@grpc/grpc-js';
import { loadProtos, type Packages } from '@sluice/protos/load';

export const packages = loadProtos();

export interface Clients extends Disposable {
  readonly inference: InstanceType<Packages['inference']['GRPCInferenceService']>;
  readonly prediction: InstanceType<Packages['sluice']['v1']['PredictionService']>;
  readonly model: InstanceType<Packages['sluice']['v1']['ModelService']>;
  readonly stream: InstanceType<Packages['sluice']['v1']['StreamService']>;
}

/** Typed stubs for an address, host:port. */
export const connect = (address: string, more: ChannelOptions = {}): Clients => {
  const options = { 'grpc.max_receive_message_length': -1, 'grpc.max_send_message_length': -1, ...more };
  const open = <C extends Client>(type: new (...args: ConstructorParameters<typeof Client>) => C): C =>
    new type(address, credentials.createInsecure(), options);
  const inference = open(packages.inference.GRPCInferenceService);
  const prediction = open(packages.sluice.v1.PredictionService);
  const model = open(packages.sluice.v1.ModelService);
  const stream = open(packages.sluice.v1.StreamService);
  return {
    inference,
    prediction,
    model,
    stream,
    [Symbol.dispose]() {
      for (const client of [inference, prediction, model, stream]) client.close();
    },
  };
};

/** A unary call as a promise: `await unary((done) => client.ModelInfer(request, done))`. */
export const unary = <T>(call: (done: (error: unknown, value?: T) => void) => unknown): Promise<T> =>
  new Promise((resolve, reject) => {
    call((error, value) => (error === null || error === undefined ? resolve(value as T) : reject(error)));
  });
