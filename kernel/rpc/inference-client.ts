import { credentials, Metadata } from '@grpc/grpc-js';
import type { Tracer } from '@opentelemetry/api';
import type { ModelInferResponse__Output } from '@sluice/protos/gen/inference/ModelInferResponse';
import type { ModelReadyResponse__Output } from '@sluice/protos/gen/inference/ModelReadyResponse';
import type { Packages } from '@sluice/protos/load';
import { fromUnknown } from '../errors/from-unknown.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { decodeResponse } from '../oip/decode-response.ts';
import { encodeRequest, type OutgoingRequest } from '../oip/encode-request.ts';
import { startClientSpan } from '../telemetry/client-span.ts';
import type { TraceText } from '../telemetry/trace-context.ts';
import type { Tensor } from '../tensor/tensor.ts';
import { remoteErrors } from './remote-error.ts';
import { type CallBounds, unaryCall } from './unary-call.ts';

export interface InferenceClientOptions {
  /** host:port */
  readonly address: string;
  readonly packages: Packages;
  readonly tracer: Tracer;
  /** Largest answer that is received. */
  readonly maxAnswerBytes: number;
}

export interface InferBounds extends CallBounds {
  /** The caller's context; undefined: the call is in no trace. */
  readonly trace: TraceText | undefined;
}

/** The version that answered, as the other server calls it, and what it answered. */
export interface RemoteAnswer {
  readonly version: string;
  readonly outputs: readonly Tensor[];
}

/**
 * A client of a server that speaks the plain Open Inference Protocol. Calls fail with a SluiceError: that
 * of another Sluice, RUNTIME_LOST when the server cannot be reached or goes away before it answered,
 * COMPUTE_FAILED for an answer that is none, and that of the signal's reason when it was aborted.
 */
export interface InferenceClient extends Disposable {
  modelReady(model: string, version: string, bounds: CallBounds): Promise<boolean>;
  infer(request: OutgoingRequest, bounds: InferBounds): Promise<RemoteAnswer>;
}

const service = 'inference.GRPCInferenceService';

/** Not kept alive by pings: gRPC's core closes connections that ping more often than every five minutes. */
const channelOptions = (maxAnswerBytes: number) => ({
  'grpc.max_send_message_length': -1,
  'grpc.max_receive_message_length': maxAnswerBytes,
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1_000,
});

const metadataOf = ({ traceparent, tracestate }: TraceText): Metadata => {
  const metadata = new Metadata();
  if (traceparent !== '') metadata.set('traceparent', traceparent);
  if (tracestate !== '') metadata.set('tracestate', tracestate);
  return metadata;
};

const noTrace: TraceText = { traceparent: '', tracestate: '' };

export const openInferenceClient = (options: InferenceClientOptions): InferenceClient => {
  const { address, packages, tracer, maxAnswerBytes } = options;
  const errorOf = remoteErrors(packages);
  const stub = new packages.inference.GRPCInferenceService(
    address,
    credentials.createInsecure(),
    channelOptions(maxAnswerBytes),
  );

  const infer = async (
    request: OutgoingRequest,
    bounds: CallBounds,
    trace: TraceText,
  ): Promise<RemoteAnswer> => {
    const message = encodeRequest(request);
    const wire = await unaryCall<ModelInferResponse__Output>(
      (metadata, callOptions, done) => stub.ModelInfer(message, metadata, callOptions, done),
      metadataOf(trace),
      bounds,
      errorOf,
    );
    const outputs = decodeResponse(wire);
    if ('error' in outputs) throw new SluiceError('COMPUTE_FAILED', outputs.error);
    return { version: wire.modelVersion, outputs: outputs.value };
  };

  return {
    modelReady: async (name, version, bounds) => {
      const { ready } = await unaryCall<ModelReadyResponse__Output>(
        (metadata, callOptions, done) => stub.ModelReady({ name, version }, metadata, callOptions, done),
        new Metadata(),
        bounds,
        errorOf,
      );
      return ready;
    },
    infer: async (request, { trace, ...bounds }) => {
      if (trace === undefined) return infer(request, bounds, noTrace);
      const span = startClientSpan({ tracer, method: `${service}/ModelInfer`, address, parent: trace });
      try {
        const answer = await infer(request, bounds, span.trace);
        span.end();
        return answer;
      } catch (thrown) {
        const error = fromUnknown(thrown);
        span.end(error);
        throw error;
      }
    },
    [Symbol.dispose]: () => stub.close(),
  };
};
