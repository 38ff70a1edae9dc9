import type { CallOptions, ClientUnaryCall, Metadata, ServiceError } from '@grpc/grpc-js';
import { fromUnknown } from '../errors/from-unknown.ts';
import { SluiceError } from '../errors/sluice-error.ts';

/** How long a call may take, and who may end it before. */
export interface CallBounds {
  /** Milliseconds of performance.now(); Infinity: no deadline. */
  readonly dueAt: number;
  readonly signal: AbortSignal;
}

/** Starts the call. */
export type Send<T> = (
  metadata: Metadata,
  options: Partial<CallOptions>,
  done: (error: ServiceError | null, value?: T) => void,
) => ClientUnaryCall;

const optionsOf = (dueAt: number): Partial<CallOptions> =>
  Number.isFinite(dueAt) ? { deadline: Date.now() + (dueAt - performance.now()) } : {};

/** A unary call that ends with the signal. */
export const unaryCall = <T>(
  send: Send<T>,
  metadata: Metadata,
  { dueAt, signal }: CallBounds,
  errorOf: (error: ServiceError) => SluiceError,
): Promise<T> =>
  new Promise((resolve, reject) => {
    if (signal.aborted) return reject(fromUnknown(signal.reason));
    const cancel = (): void => {
      reject(fromUnknown(signal.reason));
      call.cancel();
    };
    const call = send(metadata, optionsOf(dueAt), (error, value) => {
      signal.removeEventListener('abort', cancel);
      if (error !== null) reject(errorOf(error));
      else if (value === undefined) reject(new SluiceError('COMPUTE_FAILED', 'the answer is empty'));
      else resolve(value);
    });
    signal.addEventListener('abort', cancel, { once: true });
  });
