import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { EvaluationOutcome, Report } from '../release-test/report.ts';
import { formatReleaseTest } from './release-test.ts';

const report: Report = {
  model: 'sum',
  version: '1.0.0',
  digest: 'sha256:0',
  passed: true,
  load: { passed: true, durationMs: 812 },
  golden: [{ name: 'one and two', passed: true, difference: 1.23456e-7 }],
};
const evaluation: EvaluationOutcome = {
  dataset: 'evaluation.jsonl',
  from: 'measured',
  rows: 98,
  refused: { UNKNOWN_VEHICLE: 2 },
  metrics: [
    { metric: 'mae', declared: 41.2, measured: 47.123456, gate: '<= 45', passed: false },
    { metric: 'r2', declared: 0.9, measured: 0.91, passed: true },
  ],
};
const linesOf = (more: Partial<Report>): string[] => formatReleaseTest({ ...report, ...more }).split('\n');

test('a test is a row a check, with what was measured', () => {
  assert.deepEqual(linesOf({ evaluation }), [
    'sum 1.0.0',
    '',
    'CHECK        OUTCOME  DETAIL',
    'load         passed   812 ms',
    'one and two  passed   off by 1.2346e-7',
    'mae <= 45    FAILED   measured 47.123, declared 41.2',
    'r2                    measured 0.91, declared 0.9',
    '',
    'Measured on 98 rows of evaluation.jsonl, 2 refused as UNKNOWN_VEHICLE.',
    '',
  ]);
});

test('a case that a rule has to refuse says that it did', () => {
  const golden = [{ name: 'a child', passed: true, refusal: 'TOO_YOUNG' }];
  assert.ok(linesOf({ golden }).includes('a child  passed   refused as TOO_YOUNG'));
});

test('a gate that was held against what is declared says so', () => {
  const declared = {
    from: 'declared',
    rows: 0,
    refused: {},
    metrics: [{ metric: 'mae', declared: 1, gate: '<= 2', passed: true }],
  } as const;
  const where = linesOf({ evaluation: { ...declared, dataset: 'holdout.parquet' } });
  assert.ok(where.includes('mae <= 2     passed   declared 1'));
  assert.ok(
    where.some((line) =>
      /^Nothing was measured, holdout\.parquet is not in the package: the gate/.test(line),
    ),
  );
  assert.ok(linesOf({ evaluation: declared }).some((line) => /no dataset is named/.test(line)));
});

test('what could not be loaded or measured is said in its row, what proves nothing below', () => {
  const failed = { passed: false, durationMs: 9, reason: 'no graph' };
  assert.ok(linesOf({ load: failed, golden: [] }).includes('load   FAILED   no graph'));
  const unmeasured = { ...evaluation, rows: 0, refused: {}, metrics: [], reason: 'mae: line 3: no label' };
  assert.ok(linesOf({ evaluation: unmeasured }).includes('evaluation   FAILED   mae: line 3: no label'));
  assert.ok(linesOf({ golden: [] }).some((line) => /^There are no golden cases/.test(line)));
});
