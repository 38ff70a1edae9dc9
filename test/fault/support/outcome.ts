import type { ServiceError } from '@grpc/grpc-js';
import { packages } from '../../support/clients.ts';

/** How one request ended, as its caller saw it. */
export interface Outcome {
  /** `OK`, a code of kernel/errors/codes, or `GRPC_<n>` where the status carried no details of ours. */
  readonly code: string;
  /** gRPC or HTTP status of a failure; undefined: it came inside a stream. */
  readonly status?: number;
  readonly message: string;
  readonly retryAfterMs?: number;
}

export const ok: Outcome = { code: 'OK', message: '' };

/** An answer that is not the one to the question. */
export const wrongAnswer = (expected: unknown, came: unknown): Outcome => ({
  code: 'WRONG_ANSWER',
  message: `expected ${String(expected)}, got ${String(came)}`,
});

const { Status, ErrorInfo, RetryInfo } = packages.google.rpc;

const isServiceError = (error: unknown): error is ServiceError =>
  error instanceof Error && 'code' in error && typeof error.code === 'number' && 'metadata' in error;

/** Reads a failed call whole: status, ErrorInfo and RetryInfo. */
export const outcomeOf = (error: unknown): Outcome => {
  if (!isServiceError(error)) return { code: 'NO_STATUS', message: String(error) };
  const { code: status, details: message, metadata } = error;
  const [bytes] = metadata.get('grpc-status-details-bin');
  if (!Buffer.isBuffer(bytes)) return { code: `GRPC_${status}`, status, message };
  const details = new Map(
    Status.deserialize(bytes).details.map(({ type_url: type, value }) => [type.split('.').at(-1), value]),
  );
  const [info, retry] = [details.get('ErrorInfo'), details.get('RetryInfo')];
  const code = info === undefined ? `GRPC_${status}` : ErrorInfo.deserialize(info).reason;
  if (retry === undefined) return { code, status, message };
  const delay = RetryInfo.deserialize(retry).retryDelay;
  return {
    code,
    status,
    message,
    retryAfterMs: Number(delay?.seconds ?? 0) * 1000 + (delay?.nanos ?? 0) / 1e6,
  };
};

/** Awaits an answer and says how it ended. */
export const outcomeAfter = async <T>(call: Promise<T>, check: (answer: T) => Outcome): Promise<Outcome> => {
  try {
    return check(await call);
  } catch (error) {
    return outcomeOf(error);
  }
};
