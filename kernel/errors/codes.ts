import type { CodeMeaning } from './code-meaning.ts';

/**
 * The closed list of codes and what each means at every door.
 * docs/errors.md shows the same table; a test holds the two equal.
 */

const client = { retryable: false, logLevel: 'info', reason: 'REJECTED' } as const;
const passing = { retryable: true, logLevel: 'warn', reason: 'OTHER' } as const;

export const codes = {
  MALFORMED_REQUEST: {
    ...client,
    grpc: 'INVALID_ARGUMENT',
    http: 400,
    httpV2: 400,
    when: 'The message cannot be read: invalid JSON, an empty body, a binary part that does not fit its header.',
  },
  INVALID_INPUT: {
    ...client,
    grpc: 'INVALID_ARGUMENT',
    http: 422,
    httpV2: 400,
    when: 'The message can be read, but its tensors, features or parameters do not fit the release.',
  },
  PACKAGE_INVALID: {
    ...client,
    grpc: 'INVALID_ARGUMENT',
    http: 422,
    httpV2: 400,
    when: 'The package that is to be published is no release that could be served; the message says what is wrong.',
  },
  UNAUTHENTICATED: {
    ...client,
    grpc: 'UNAUTHENTICATED',
    http: 401,
    httpV2: 401,
    when: 'The admin key is missing, or it is not the right one.',
  },
  PERMISSION_DENIED: {
    ...client,
    grpc: 'PERMISSION_DENIED',
    http: 403,
    httpV2: 403,
    when: 'The gateway is not configured to allow this; the message says how it would be.',
  },
  MODEL_NOT_FOUND: {
    ...client,
    grpc: 'NOT_FOUND',
    http: 404,
    httpV2: 404,
    when: 'The store holds no model of that name.',
  },
  RELEASE_NOT_FOUND: {
    ...client,
    grpc: 'NOT_FOUND',
    http: 404,
    httpV2: 404,
    when: 'The model has no release that the version, range, alias, digest or time stands for; the message says what there is.',
  },
  ROUTE_NOT_FOUND: {
    ...client,
    grpc: 'UNIMPLEMENTED',
    http: 404,
    httpV2: 404,
    when: 'There is no such path or method.',
  },
  RELEASE_BLOCKED: {
    ...client,
    grpc: 'FAILED_PRECONDITION',
    http: 409,
    httpV2: 400,
    when: 'The revision blocks the release; the message says why.',
  },
  REFUSED: {
    ...client,
    grpc: 'FAILED_PRECONDITION',
    // Never on /v1, where a refusal is an outcome.
    http: 400,
    httpV2: 400,
    when: "A rule of the release refuses what was asked with tensors; instead of this code the caller is told the rule's own.",
  },
  ALREADY_EXISTS: {
    ...client,
    grpc: 'ALREADY_EXISTS',
    http: 409,
    httpV2: 400,
    when: 'What is to be created exists already: a revision that somebody else wrote first, a release with other files.',
  },
  MESSAGE_TOO_LARGE: {
    ...client,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 413,
    httpV2: 413,
    when: 'The message is larger than the configured limit.',
  },
  UNSUPPORTED_ENCODING: {
    ...client,
    grpc: 'UNIMPLEMENTED',
    http: 415,
    httpV2: 415,
    when: 'The content type or content encoding is not understood.',
  },
  UNIMPLEMENTED: {
    ...client,
    grpc: 'UNIMPLEMENTED',
    http: 501,
    httpV2: 501,
    when: 'The request asks for something that Sluice does not do.',
  },
  QUEUE_FULL: {
    ...passing,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 429,
    httpV2: 429,
    reason: 'REJECTED',
    when: "The release's queue in the runtime is full, or too many calls to another server or publications are under way.",
  },
  OVERLOADED: {
    ...passing,
    grpc: 'RESOURCE_EXHAUSTED',
    http: 429,
    httpV2: 429,
    // One line each would be a storm of them; admission sums them up once a second.
    logLevel: 'debug',
    reason: 'REJECTED',
    when: 'The gateway admits no more requests for the model at the moment; the message says why.',
  },
  DEADLINE_EXCEEDED: {
    ...passing,
    grpc: 'DEADLINE_EXCEEDED',
    http: 504,
    httpV2: 504,
    logLevel: 'info',
    when: 'The deadline passed before there was an answer; what was still queued was not computed.',
  },
  CANCELLED: {
    ...client,
    grpc: 'CANCELLED',
    http: 499,
    httpV2: 499,
    logLevel: 'debug',
    reason: 'CANCELED',
    when: 'The caller went away.',
  },
  RELEASE_UNAVAILABLE: {
    ...passing,
    grpc: 'UNAVAILABLE',
    http: 503,
    httpV2: 503,
    when: 'The release exists but no runtime can serve it now; the message says why.',
  },
  RELEASE_QUARANTINED: {
    ...passing,
    grpc: 'UNAVAILABLE',
    http: 503,
    httpV2: 503,
    logLevel: 'error',
    when: 'The release took down two runtimes, or two of its cells in a row, and is kept away for a while.',
  },
  RUNTIME_LOST: {
    ...passing,
    grpc: 'UNAVAILABLE',
    http: 503,
    httpV2: 503,
    when: 'The runtime or cell died while it held the request, and no other one could take it.',
  },
  STORE_UNAVAILABLE: {
    ...passing,
    grpc: 'UNAVAILABLE',
    http: 503,
    httpV2: 503,
    logLevel: 'error',
    when: 'The store, or the folder in which the gateway receives packages, cannot be written or read now; the message says why.',
  },
  DRAINING: {
    ...passing,
    grpc: 'UNAVAILABLE',
    http: 503,
    httpV2: 503,
    logLevel: 'info',
    when: 'The process is stopping and takes nothing new.',
  },
  COMPUTE_FAILED: {
    retryable: false,
    grpc: 'INTERNAL',
    http: 500,
    httpV2: 500,
    logLevel: 'error',
    reason: 'BACKEND',
    when: 'The graph failed while it computed, or another server gave no answer that fits the release; the message says what ONNX Runtime or that server said.',
  },
  RULE_FAILED: {
    retryable: false,
    grpc: 'INTERNAL',
    http: 500,
    httpV2: 500,
    logLevel: 'error',
    reason: 'BACKEND',
    when: 'A rule or derived feature of the release could not be evaluated; the message names it.',
  },
  INTERNAL: {
    retryable: false,
    grpc: 'INTERNAL',
    http: 500,
    httpV2: 500,
    logLevel: 'error',
    reason: 'OTHER',
    when: 'A fault of Sluice itself; the log has the cause under the correlation id.',
  },
} as const satisfies Record<string, CodeMeaning>;

export type Code = keyof typeof codes;

export const isCode = (text: string): text is Code => Object.hasOwn(codes, text);
export const meaningOf = (code: Code): CodeMeaning => codes[code];
