/** What a code of codes.ts means at every door. */

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

export interface CodeMeaning {
  /** Name of the gRPC status. */
  readonly grpc: GrpcStatusName;
  /** HTTP status on `/v1`. */
  readonly http: number;
  /** HTTP status on `/v2`, as clients of the Open Inference Protocol expect it. */
  readonly httpV2: number;
  /** Whether the same request may succeed later. */
  readonly retryable: boolean;
  readonly logLevel: LogLevel;
  /** Label `reason` of `nv_inference_request_failure`, in Triton's words. */
  readonly reason: 'REJECTED' | 'CANCELED' | 'BACKEND' | 'OTHER';
  /** When it is given. */
  readonly when: string;
}

/** Numbers of the gRPC statuses that Sluice answers with (grpc/grpc doc/statuscodes.md). */
export const grpcStatuses = {
  CANCELLED: 1,
  INVALID_ARGUMENT: 3,
  DEADLINE_EXCEEDED: 4,
  NOT_FOUND: 5,
  ALREADY_EXISTS: 6,
  PERMISSION_DENIED: 7,
  RESOURCE_EXHAUSTED: 8,
  FAILED_PRECONDITION: 9,
  ABORTED: 10,
  UNIMPLEMENTED: 12,
  INTERNAL: 13,
  UNAVAILABLE: 14,
  UNAUTHENTICATED: 16,
} as const;

export type GrpcStatusName = keyof typeof grpcStatuses;

/** What the caller has to change. */
export const client = { retryable: false, logLevel: 'info', reason: 'REJECTED' } as const;
/** What may be otherwise soon. */
export const passing = { retryable: true, logLevel: 'warn', reason: 'OTHER' } as const;
