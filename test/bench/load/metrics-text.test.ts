import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readFailures, readRefusals, readSamples } from './metrics-text.ts';

const page = `# TYPE sluice_request_seconds histogram
sluice_request_seconds_bucket{le="0.0005",door="grpc",code="QUEUE_FULL",environment="dev"} 3
sluice_request_seconds_bucket{le="0.001",door="grpc",code="QUEUE_FULL",environment="dev"} 7
sluice_request_seconds_bucket{le="0.001",door="rest",code="QUEUE_FULL",environment="dev"} 1
sluice_request_seconds_bucket{le="0.001",door="grpc",code="OK",environment="dev"} 90
sluice_request_seconds_bucket{le="+Inf",door="grpc",code="QUEUE_FULL",environment="dev"} 10
sluice_request_seconds_count{door="grpc",code="QUEUE_FULL",environment="dev"} 10
sluice_request_seconds_count{door="rest",code="QUEUE_FULL",environment="dev"} 2
sluice_request_seconds_count{door="grpc",code="OK",environment="dev"} 100
sluice_revision 4
`;

test('refusals are those with one of the codes, over all doors', () => {
  assert.deepEqual(readRefusals(page, new Set(['QUEUE_FULL', 'OVERLOADED'])), { all: 12, fast: 8 });
  assert.deepEqual(readRefusals(page, new Set(['OVERLOADED'])), { all: 0, fast: 0 });
});

test('failures are all that have another code than OK', () => {
  assert.equal(readFailures(page), 12);
});

test('a metric need not have labels, and its name is not the beginning of another', () => {
  assert.deepEqual(readSamples(page, 'sluice_revision'), [{ labels: {}, value: 4 }]);
  assert.deepEqual(readSamples(page, 'sluice_request_seconds'), []);
});
