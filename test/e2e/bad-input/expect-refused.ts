import assert from 'node:assert/strict';
import { grpcStatuses } from '@sluice/kernel/errors/code-meaning';
import { meaningOf } from '@sluice/kernel/errors/codes';
import type { DomainRequest, DoorName, Expected, Outcome, Row, Violated } from './row.ts';

const statusOf = (door: DoorName, request: DomainRequest, { code }: Expected): number | undefined => {
  const meaning = meaningOf(code);
  if (door === 'unary') return grpcStatuses[meaning.grpc];
  if (door === 'stream') return undefined;
  return 'infer' in request ? meaning.httpV2 : meaning.http;
};

const expectViolations = (
  { violation, allowed }: Expected,
  violations: readonly Violated[],
  message: string,
): void => {
  const paths = violations.map(({ path }) => path);
  if (violation instanceof RegExp) {
    assert.ok(paths.length > 0);
    for (const path of paths) assert.match(path, violation);
    return;
  }
  assert.deepEqual(paths, violation === undefined ? [] : [violation]);
  for (const told of violations)
    if (allowed !== undefined && told.allowed !== undefined) assert.deepEqual(told.allowed, allowed);
  for (const told of violations) assert.ok(message.includes(told.message), `${told.message} in ${message}`);
};

/** Holds what a door said against the row: status, code, message, violations, and when to come back. */
export const expectRefused = (row: Row, door: DoorName, outcome: Outcome): void => {
  assert.ok('refused' in outcome, `${door} answered ${JSON.stringify(outcome)}`);
  const expected: Expected = { ...row, ...row.at?.[door] };
  const { status, code, message, violations, retryAfterMs } = outcome.refused;
  assert.match(message, expected.message);
  assert.deepEqual({ code, status }, { code: expected.code, status: statusOf(door, row.request, expected) });
  if (violations !== undefined) expectViolations(expected, violations, message);
  if (retryAfterMs !== undefined) assert.equal(retryAfterMs > 0, expected.retry === true, 'a hint to retry');
};
