import assert from 'node:assert/strict';
import { test } from 'node:test';
import { type Code, codes } from '@sluice/kernel/errors/codes';
import { SluiceError } from '@sluice/kernel/errors/sluice-error';
import { RuntimeLost } from '../core/runtime.ts';
import { upstreamFault } from './upstream-fault.ts';

const url = 'grpc://far:1';
/** What the other server's codes become, where they do not stay as they are. */
const changed: Partial<Record<Code, Code>> = {
  MODEL_NOT_FOUND: 'RELEASE_UNAVAILABLE',
  RELEASE_NOT_FOUND: 'RELEASE_UNAVAILABLE',
  RELEASE_BLOCKED: 'RELEASE_UNAVAILABLE',
  RELEASE_QUARANTINED: 'RELEASE_UNAVAILABLE',
  ROUTE_NOT_FOUND: 'RELEASE_UNAVAILABLE',
  UNIMPLEMENTED: 'RELEASE_UNAVAILABLE',
  DRAINING: 'RELEASE_UNAVAILABLE',
  MALFORMED_REQUEST: 'COMPUTE_FAILED',
  INTERNAL: 'COMPUTE_FAILED',
};

for (const code of Object.keys(codes) as Code[]) {
  if (code === 'RUNTIME_LOST') continue;
  test(`${code} over there is ${changed[code] ?? code} here`, () => {
    const fault = upstreamFault(url, new SluiceError(code, 'words', { retryAfterMs: 300 }));
    assert.ok(fault instanceof SluiceError);
    assert.equal(fault.code, changed[code] ?? code);
    assert.match(fault.message, /words$/);
    assert.equal(fault.retryAfterMs, 300);
  });
}

test('a server that was lost is a lost runtime', () => {
  const fault = upstreamFault(url, new SluiceError('RUNTIME_LOST', 'connection dropped'));
  assert.ok(fault instanceof RuntimeLost);
  assert.equal(fault.message, 'connection dropped');
});
