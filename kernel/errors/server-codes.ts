import type { CodeMeaning } from './code-meaning.ts';

const passing = { retryable: true, logLevel: 'warn', reason: 'OTHER' } as const;

/** What may be wrong with whatever answers it. */
export const serverCodes = {
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
  EVENT_LOG_UNAVAILABLE: {
    ...passing,
    grpc: 'UNAVAILABLE',
    http: 503,
    httpV2: 503,
    logLevel: 'error',
    when: 'The event log cannot be written or read now; the message says why.',
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
