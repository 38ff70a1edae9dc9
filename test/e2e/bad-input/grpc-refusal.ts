import assert from 'node:assert/strict';
import { Metadata } from '@grpc/grpc-js';
import { packages } from '../../support/clients.ts';
import type { Refusal } from './row.ts';

const { Status, ErrorInfo, BadRequest, RetryInfo } = packages.google.rpc;
const urlOf = (name: string): string => `type.googleapis.com/google.rpc.${name}`;

interface CallError {
  readonly code: number;
  readonly details: string;
  readonly metadata: Metadata;
}

/** The status of a failed call; anything else is thrown again. */
export const callError = (thrown: unknown): CallError => {
  if (
    thrown instanceof Error &&
    'code' in thrown &&
    typeof thrown.code === 'number' &&
    'details' in thrown &&
    'metadata' in thrown &&
    thrown.metadata instanceof Metadata
  )
    return { code: thrown.code, details: String(thrown.details), metadata: thrown.metadata };
  throw thrown;
};

const milliseconds = (delay: { readonly seconds: unknown; readonly nanos: number }): number =>
  Number(delay.seconds) * 1000 + delay.nanos / 1e6;

/** Reads google.rpc.Status from the trailers; it must agree with the status of the call. */
export const refusalOf = (thrown: unknown): Refusal => {
  const { code: status, details: text, metadata } = callError(thrown);
  const bytes = metadata.get('grpc-status-details-bin')[0];
  assert.ok(bytes instanceof Buffer, `no grpc-status-details-bin beside ${status}: ${text}`);
  const { code, message, details } = Status.deserialize(bytes);
  assert.deepEqual({ code, message }, { code: status, message: text });
  const detail = (name: string): Buffer | undefined =>
    details.find((each) => 'type_url' in each && each.type_url === urlOf(name))?.value;
  const info = ErrorInfo.deserialize(detail('ErrorInfo') ?? Buffer.of());
  assert.equal(info.domain, 'sluice');
  const violations = BadRequest.deserialize(detail('BadRequest') ?? Buffer.of()).fieldViolations;
  const { retryDelay } = RetryInfo.deserialize(detail('RetryInfo') ?? Buffer.of());
  return {
    status,
    code: info.reason,
    message,
    violations: violations.map(({ field, description }) => ({ path: field, message: description })),
    retryAfterMs: retryDelay === null ? 0 : milliseconds(retryDelay),
  };
};
