import assert from 'node:assert/strict';
import { test } from 'node:test';
import { status } from '@grpc/grpc-js';
import { loadProtos } from '@sluice/protos/load';
import { grpcStatuses } from '../errors/code-meaning.ts';
import { codes, isCode } from '../errors/codes.ts';
import { fromUnknown } from '../errors/from-unknown.ts';
import { invalidInput, SluiceError } from '../errors/sluice-error.ts';
import { serviceErrors } from './status.ts';

const packages = loadProtos();
const { rpc } = packages.google;
const toServiceError = serviceErrors(packages);

/** The details of an error, by the name of their type. */
const detailsOf = (error: SluiceError): Map<string, Buffer> => {
  const [bytes] = toServiceError(error).metadata.get('grpc-status-details-bin');
  assert.ok(bytes instanceof Buffer);
  const { code, message, details } = rpc.Status.deserialize(bytes);
  assert.equal(code, toServiceError(error).code);
  assert.equal(message, error.message);
  return new Map(
    details.map((any) => {
      assert.ok('type_url' in any && any.value instanceof Buffer);
      return [any.type_url.replace('type.googleapis.com/google.rpc.', ''), any.value];
    }),
  );
};

test('the numbers of the statuses are those of gRPC', () => {
  for (const [name, number] of Object.entries(grpcStatuses))
    assert.equal(number, status[name as keyof typeof status]);
});

for (const code of Object.keys(codes).filter(isCode)) {
  test(`${code} leaves with its status, and its name in ErrorInfo`, () => {
    const error = new SluiceError(code, 'why');
    const { code: number, details } = toServiceError(error);
    assert.equal(number, grpcStatuses[codes[code].grpc]);
    assert.equal(details, 'why');
    const all = detailsOf(error);
    const hinted = error.retryAfterMs !== undefined;
    assert.deepEqual([...all.keys()], hinted ? ['ErrorInfo', 'RetryInfo'] : ['ErrorInfo']);
    const info = rpc.ErrorInfo.deserialize(all.get('ErrorInfo') ?? Buffer.alloc(0));
    assert.deepEqual([info.reason, info.domain, info.metadata], [code, 'sluice', {}]);
  });
}

test('faults of an input are field violations', () => {
  const details = detailsOf(invalidInput([{ path: 'inputs.x', rule: 'shape', message: 'expected [2]' }]));
  const { fieldViolations } = rpc.BadRequest.deserialize(details.get('BadRequest') ?? Buffer.alloc(0));
  const [violation] = fieldViolations;
  assert.deepEqual(
    [violation?.field, violation?.description, violation?.reason],
    ['inputs.x', 'expected [2]', 'shape'],
  );
});

test('the time until a retry is worth while is a duration', () => {
  const details = detailsOf(new SluiceError('QUEUE_FULL', 'full', { retryAfterMs: 1_050 }));
  const { retryDelay } = rpc.RetryInfo.deserialize(details.get('RetryInfo') ?? Buffer.alloc(0));
  assert.deepEqual([retryDelay?.seconds, retryDelay?.nanos], ['1', 50_000_000]);
});

test('an internal error tells its correlation id, and nothing of its cause', () => {
  const error = fromUnknown(new Error('the password is hunter2'));
  const details = detailsOf(error);
  const { metadata } = rpc.ErrorInfo.deserialize(details.get('ErrorInfo') ?? Buffer.alloc(0));
  assert.deepEqual(metadata, { correlation_id: error.correlationId });
  assert.doesNotMatch(toServiceError(error).metadata.get('grpc-status-details-bin').join(), /hunter2/);
});

for (const letter of ['x', '%', 'ü', '漢', '😀']) {
  test(`however much is wrong, the trailers stay below 8 KiB, in ${letter} too`, () => {
    const long = letter.repeat(10_000);
    const fault = { path: `features.${long}`, rule: 'unknown', message: long };
    const { details, metadata } = toServiceError(invalidInput(Array.from({ length: 1_000 }, () => fault)));
    const [bytes] = metadata.get('grpc-status-details-bin');
    assert.ok(bytes instanceof Buffer);
    assert.ok(encodeURIComponent(details).length + bytes.toString('base64').length < 8_000);
    assert.equal(rpc.Status.deserialize(bytes).message, details);
  });
}
