import assert from 'node:assert/strict';
import { test } from 'node:test';
import type { ScorerReport__Output } from '@sluice/protos/gen/sluice/gateway/v1/ScorerReport';
import { scorerReports } from './scorer-reports.ts';

const report = (scorer: string, state: string, ...names: readonly string[]): ScorerReport__Output => ({
  scorer,
  streams: names.map((name) => ({ name, state, lastError: '', lastErrorTime: '', partitions: [] })),
});

const statesOf = (reports: ReturnType<typeof scorerReports>, stream: string): string[] =>
  reports.sharesOf(stream).map(({ scorer, share }) => `${scorer} ${share.state}`);

test('the shares of a stream are those of the latest report of each scorer', () => {
  const reports = scorerReports();
  const [a, b] = [{}, {}];
  reports.keep(a, report('a', 'STARTING', 'ages', 'heights'));
  reports.keep(b, report('b', 'RUNNING', 'ages'));
  reports.keep(a, report('a', 'RUNNING', 'ages'));
  assert.deepEqual(statesOf(reports, 'ages').sort(), ['a RUNNING', 'b RUNNING']);
  assert.deepEqual(statesOf(reports, 'heights'), []);
  assert.deepEqual(statesOf(reports, 'never heard of'), []);
});

test('what came over a link is forgotten with it', () => {
  const reports = scorerReports();
  const link = {};
  reports.keep(link, report('a', 'RUNNING', 'ages'));
  reports.forget(link);
  assert.deepEqual(statesOf(reports, 'ages'), []);
});

test('a scorer that came back counts once, by what it said last', () => {
  const reports = scorerReports();
  const [before, now] = [{}, {}];
  reports.keep(before, report('a', 'RUNNING', 'ages', 'heights'));
  reports.keep(now, report('a', 'WAITING', 'ages'));
  assert.deepEqual(statesOf(reports, 'ages'), ['a WAITING']);
  assert.deepEqual(statesOf(reports, 'heights'), []);
  reports.forget(before);
  assert.deepEqual(statesOf(reports, 'ages'), ['a WAITING']);
});
