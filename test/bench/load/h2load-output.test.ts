import assert from 'node:assert/strict';
import { test } from 'node:test';
import { readLatency, readSummary } from './h2load-output.ts';

/** As h2load 1.52 prints it. */
const printed = `starting benchmark...
progress: 100% done

finished in 3.00s, 41592.00 req/s, 3.21MB/s
requests: 83184 total, 83184 started, 83184 done, 83180 succeeded, 4 failed, 3 errored, 1 timeout
status codes: 83152 2xx, 0 3xx, 0 4xx, 0 5xx
traffic: 6.43MB (6739092) total, 345.92KB (354224) headers (space savings 95.77%), 5.62MB (5896800) data
                     min         max         mean         sd        +/- sd
time for request:      409us     13.34ms      1.49ms      1.16ms    93.51%
`;

test('the summary says what was answered, and how much', () => {
  assert.deepEqual(readSummary(printed), {
    perSecond: 41592,
    done: 83184,
    failed: 5,
    dataBytes: 5896800,
  });
});

test('HTTP/1.1 has the same lines', () => {
  const http1 = printed.replace(' (space savings 95.77%)', '');
  assert.equal(readSummary(http1)?.dataBytes, 5896800);
});

test('output that ends early has no summary', () => {
  assert.equal(readSummary('starting benchmark...\nprogress: 10% done\n'), undefined);
  assert.equal(readSummary(printed.replace(/^traffic.*$/m, '')), undefined);
});

test('latencies are the last column of the log', () => {
  const lines = Array.from({ length: 100 }, (_, index) => `1795261954373631\t200\t${1000 - index}\n`);
  assert.deepEqual(readLatency(lines.join('')), { p50Us: 950, p99Us: 999 });
});
