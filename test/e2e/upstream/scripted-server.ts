import { Server, ServerCredentials, type ServerUnaryCall, type sendUnaryData } from '@grpc/grpc-js';
import type { ModelInferRequest__Output } from '@sluice/protos/gen/inference/ModelInferRequest';
import type { ModelInferResponse } from '@sluice/protos/gen/inference/ModelInferResponse';
import { packages } from '../../support/clients.ts';

/** A server of the protocol that answers whatever it is told to. */
export interface ScriptedServer extends Disposable {
  /** host:port */
  readonly address: string;
  /** What ModelInfer does from now on: the message, bytes in its place, or a gRPC status with words. */
  answer: ModelInferResponse | Buffer | { readonly code: number; readonly details: string };
  /** The last request, with its metadata. */
  last: ServerUnaryCall<ModelInferRequest__Output, unknown> | undefined;
}

type Call = ServerUnaryCall<ModelInferRequest__Output, unknown>;

const { GRPCInferenceService, ModelInferResponse: response } = packages.inference;
const { ModelInfer, ModelReady } = GRPCInferenceService.service;

export const startScripted = async (): Promise<ScriptedServer> => {
  const server = new Server();
  const scripted: { -readonly [key in 'answer' | 'last']: ScriptedServer[key] } = {
    answer: {},
    last: undefined,
  };
  const serialize = (value: unknown): Buffer =>
    Buffer.isBuffer(value) ? value : response.serialize(value as ModelInferResponse);
  server.addService(
    { ModelReady, ModelInfer: { ...ModelInfer, responseSerialize: serialize } },
    {
      ModelReady: (_call: unknown, done: sendUnaryData<unknown>) => done(null, { ready: true }),
      ModelInfer: (call: Call, done: sendUnaryData<unknown>) => {
        scripted.last = call;
        const { answer } = scripted;
        if ('code' in answer) done({ ...answer, name: 'scripted', message: answer.details });
        else done(null, answer);
      },
    },
  );
  const { promise, resolve, reject } = Promise.withResolvers<number>();
  server.bindAsync('127.0.0.1:0', ServerCredentials.createInsecure(), (error, port) =>
    error === null ? resolve(port) : reject(error),
  );
  const address = `127.0.0.1:${await promise}`;
  return Object.assign(scripted, { address, [Symbol.dispose]: () => server.forceShutdown() });
};
