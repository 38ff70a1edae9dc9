import { credentials, Metadata } from '@grpc/grpc-js';
import { trace } from '@opentelemetry/api';
import type { GetReleaseResponse__Output } from '@sluice/protos/gen/sluice/v1/GetReleaseResponse';
import type { PredictResponse__Output } from '@sluice/protos/gen/sluice/v1/PredictResponse';
import type { Packages } from '@sluice/protos/load';
import { fromStruct, toStruct } from '../features/struct.ts';
import type { Features } from '../features/value.ts';
import type { OutgoingRequest } from '../oip/encode-request.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { openInferenceClient } from './inference-client.ts';
import { remoteErrors } from './remote-error.ts';
import { type CallBounds, type Send, unaryCall } from './unary-call.ts';

export interface DoorClientOptions {
  /** host:port of a gateway's gRPC door. */
  readonly address: string;
  readonly packages: Packages;
  /** Largest answer that is received. */
  readonly maxAnswerBytes: number;
}

/** What came of a prediction: outputs by name, or a business rule's no. */
export type Outcome =
  | { readonly outputs: Features }
  | { readonly refusal: { readonly code: string; readonly message: string } };

export interface ReleaseStanding {
  /** LOADING, READY, UNLOADED or UNAVAILABLE. */
  readonly state: string;
  /** Why it is not READY. */
  readonly reason: string;
}

/** A client of a gateway. Calls fail with the SluiceError that the gateway answers. */
export interface DoorClient extends Disposable {
  predict(model: string, version: string, features: Features, bounds: CallBounds): Promise<Outcome>;
  infer(request: OutgoingRequest, bounds: CallBounds): Promise<readonly Tensor[]>;
  standing(model: string, version: string, bounds: CallBounds): Promise<ReleaseStanding>;
  load(model: string, bounds: CallBounds): Promise<void>;
}

const outcomeOf = ({ refusal, prediction }: PredictResponse__Output): Outcome =>
  refusal
    ? { refusal: { code: refusal.code, message: refusal.message } }
    : { outputs: fromStruct(prediction?.outputs ?? null) };

const standingOf = ({ release }: GetReleaseResponse__Output): ReleaseStanding => ({
  state: (release?.state ?? '').replace('RELEASE_STATE_', ''),
  reason: release?.reason ?? '',
});

export const openDoorClient = ({ address, packages, maxAnswerBytes }: DoorClientOptions): DoorClient => {
  const errorOf = remoteErrors(packages);
  const channel = [
    address,
    credentials.createInsecure(),
    { 'grpc.max_receive_message_length': maxAnswerBytes, 'grpc.max_send_message_length': -1 },
  ] as const;
  const prediction = new packages.sluice.v1.PredictionService(...channel);
  const models = new packages.sluice.v1.ModelService(...channel);
  const repository = new packages.inference.GRPCInferenceService(...channel);
  const tracer = trace.getTracer('sluice');
  const inference = openInferenceClient({ address, packages, tracer, maxAnswerBytes });
  const ask = <T>(send: Send<T>, bounds: CallBounds): Promise<T> =>
    unaryCall(send, new Metadata(), bounds, errorOf);
  return {
    predict: async (model, version, features, bounds) => {
      const request = { model, version, features: toStruct(features) };
      const send: Send<PredictResponse__Output> = (...more) => prediction.Predict(request, ...more);
      return outcomeOf(await ask(send, bounds));
    },
    infer: async (request, bounds) =>
      (await inference.infer(request, { ...bounds, trace: undefined })).outputs,
    standing: async (model, version, bounds) => {
      const send: Send<GetReleaseResponse__Output> = (...more) =>
        models.GetRelease({ model, version }, ...more);
      return standingOf(await ask(send, bounds));
    },
    load: async (modelName, bounds) => {
      const send: Send<unknown> = (...more) => repository.RepositoryModelLoad({ modelName }, ...more);
      await ask(send, bounds);
    },
    [Symbol.dispose]: () => {
      for (const client of [prediction, models, repository]) client.close();
      inference[Symbol.dispose]();
    },
  };
};
