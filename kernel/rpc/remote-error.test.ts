import assert from 'node:assert/strict';
import { test } from 'node:test';
import { Metadata, status } from '@grpc/grpc-js';
import { loadProtos } from '@sluice/protos/load';
import { type Code, codes } from '../errors/codes.ts';
import { SluiceError } from '../errors/sluice-error.ts';
import { remoteErrors } from './remote-error.ts';
import { serviceErrors } from './status.ts';

const protos = loadProtos();
const toWire = serviceErrors(protos);
const fromWire = remoteErrors(protos);
const foreign = (code: number, details: string, metadata = new Metadata()) =>
  fromWire(Object.assign(new Error(details), { code, details, metadata }));

for (const code of Object.keys(codes) as Code[]) {
  test(`${code} of another Sluice comes over whole`, () => {
    const violations = [{ path: 'inputs.x.shape', rule: 'shape', message: 'expected [2], got [3]' }];
    const sent = new SluiceError(code, 'said so', { violations, retryAfterMs: 2_500 });
    const came = fromWire(toWire(sent));
    assert.deepEqual(
      [came.code, came.message, came.violations, came.retryAfterMs],
      [code, 'said so', violations, 2_500],
    );
  });
}

const others: readonly [code: number, details: string, ours: Code][] = [
  [status.CANCELLED, 'shutting down', 'RUNTIME_LOST'],
  [status.UNKNOWN, 'ValueError', 'COMPUTE_FAILED'],
  [status.INVALID_ARGUMENT, 'bad', 'INVALID_INPUT'],
  [status.OUT_OF_RANGE, 'too far', 'INVALID_INPUT'],
  [status.DEADLINE_EXCEEDED, 'late', 'DEADLINE_EXCEEDED'],
  [status.NOT_FOUND, 'no model', 'RELEASE_UNAVAILABLE'],
  [status.PERMISSION_DENIED, 'no', 'RELEASE_UNAVAILABLE'],
  [status.UNAUTHENTICATED, 'who', 'RELEASE_UNAVAILABLE'],
  [status.UNIMPLEMENTED, 'what', 'RELEASE_UNAVAILABLE'],
  [status.RESOURCE_EXHAUSTED, 'Exceeds maximum queue size', 'QUEUE_FULL'],
  [status.FAILED_PRECONDITION, 'not so', 'COMPUTE_FAILED'],
  [status.INTERNAL, 'oops', 'COMPUTE_FAILED'],
  [status.UNAVAILABLE, 'connect ECONNREFUSED', 'RUNTIME_LOST'],
  // As gRPC's core, Go and Java say it.
  [status.RESOURCE_EXHAUSTED, 'SERVER: Received message larger than max (5 vs. 4)', 'MESSAGE_TOO_LARGE'],
  [status.RESOURCE_EXHAUSTED, 'grpc: received message larger than max (5 vs. 4)', 'MESSAGE_TOO_LARGE'],
  [status.RESOURCE_EXHAUSTED, 'gRPC message exceeds maximum size 4: 5', 'MESSAGE_TOO_LARGE'],
];

for (const [code, details, ours] of others) {
  test(`${status[code]} '${details}' of any other server is ${ours}, in its words`, () => {
    const { code: came, message } = foreign(code, details);
    assert.deepEqual([came, message], [ours, details]);
  });
}

const detailsHeader = 'grpc-status-details-bin';
const withDetails = (bytes: Buffer): Metadata => {
  const metadata = new Metadata();
  metadata.set(detailsHeader, bytes);
  return metadata;
};

test('details of others count for nothing: another domain, an unknown reason, none, garbage', () => {
  const { ErrorInfo, Status } = protos.google.rpc;
  const info = (domain: string, reason: string): Buffer =>
    Status.serialize({
      details: [
        {
          type_url: 'type.googleapis.com/google.rpc.ErrorInfo',
          value: ErrorInfo.serialize({ domain, reason }),
        },
      ],
    });
  const empty = Status.serialize({ code: 3 });
  for (const bytes of [
    info('other', 'QUEUE_FULL'),
    info('sluice', 'NONSENSE'),
    empty,
    Buffer.from('garbage'),
  ])
    assert.equal(foreign(status.INTERNAL, 'oops', withDetails(bytes)).code, 'COMPUTE_FAILED');
});
