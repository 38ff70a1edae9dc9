import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { Row } from '../rows/row.ts';
import { renderReport } from './render.ts';

const row = (name: string, more: Partial<Row> = {}): Row => ({
  name,
  title: `the row ${name}`,
  section: 'rows',
  needs: [],
  prepare: async () => {},
  measure: async () => ({}),
  ...more,
});

const about = { machine: '2 × a processor', versions: 'Node 24', command: 'npm run bench' };

test('a table has a line a row, with median, least and most, and only the columns that are used', () => {
  const rounds = [100, 300, 200].map(
    (perSecond) =>
      new Map([
        ['base', { requestsPerSecond: perSecond, rowsPerSecond: perSecond }],
        ['ours', { requestsPerSecond: 50, rowsPerSecond: perSecond * 4, p50Us: 12.34 }],
      ]),
  );
  const rows = [row('base'), row('ours', { against: { label: 'the base', rows: ['base', 'absent'] } })];
  const report = renderReport({ rows, rounds, single: new Map(), failures: [] }, about);
  assert.equal(
    report,
    [
      'Machine: 2 × a processor. Node 24.',
      'Command: `npm run bench`. Rounds: 3; median (least–most).',
      '',
      '### More rows, and streams',
      '',
      '|  | row | requests/s | rows/s | p50 µs | throughput |',
      '|---|---|---|---|---|---|',
      '| the row base | `base` | 200 (100–300) | 200 (100–300) |  |  |',
      '| the row ours | `ours` | 50 | 800 (400–1,200) | 12.3 | 4× the base |',
    ].join('\n'),
  );
});

test('one row a request needs no column of rows', () => {
  const rounds = [new Map([['a', { requestsPerSecond: 7, rowsPerSecond: 7 }]])];
  const report = renderReport({ rows: [row('a')], rounds, single: new Map(), failures: [] }, about);
  assert.ok(!report.includes('rows/s'), report);
});

test('what is measured once stands in its table, what failed at the end', () => {
  const rows = [row('memory', { section: 'memory', once: true })];
  const single = new Map([['memory', { gatewayWarmMiB: 300, gatewayGrowthMiB: -0.5 }]]);
  const report = renderReport({ rows, rounds: [], single, failures: ['x: it broke'] }, about);
  assert.match(report, /\| the row memory \| `memory` \| 300 \| -0\.5 \|/);
  assert.match(report, /FAILED: x: it broke$/);
});
