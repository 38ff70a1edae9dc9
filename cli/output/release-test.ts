import type { EvaluationOutcome, GoldenOutcome, MetricOutcome, Report } from '../release-test/report.ts';
import { shortNumber } from './short-number.ts';
import { formatTable } from './table.ts';

type Row = readonly [check: string, outcome: string, detail: string];

const outcomeOf = (passed: boolean): string => (passed ? 'passed' : 'FAILED');

const goldenRow = ({ name, passed, difference = 0, refusal, reason }: GoldenOutcome): Row => {
  const detail = refusal === undefined ? `off by ${shortNumber(difference)}` : `refused as ${refusal}`;
  return [name, outcomeOf(passed), reason ?? detail];
};

const metricRow = ({ metric, declared, measured, gate, passed }: MetricOutcome): Row => {
  const what = measured === undefined ? 'declared' : 'measured';
  const value = measured === undefined ? declared : shortNumber(measured);
  const beside = measured === undefined ? '' : `, declared ${declared}`;
  const check = gate === undefined ? metric : `${metric} ${gate}`;
  return [check, gate === undefined ? '' : outcomeOf(passed), `${what} ${value}${beside}`];
};

/** What a reader of the table should not take for granted. */
const notesOf = ({ golden, evaluation, load }: Report): string[] => {
  const notes: string[] = [];
  if (golden.length === 0 && load.passed)
    notes.push('There are no golden cases: nothing proves that the graph answers as the model did.');
  if (evaluation !== undefined) notes.push(...notesOfEvaluation(evaluation));
  return notes;
};

const notesOfEvaluation = ({ dataset, from, rows, refused, metrics }: EvaluationOutcome): string[] => {
  if (from === 'measured') {
    const codes = Object.entries(refused).map(([code, count]) => `${count} refused as ${code}`);
    return rows === 0 ? [] : [[`Measured on ${rows} rows of ${dataset}`, ...codes].join(', ').concat('.')];
  }
  if (metrics.length === 0) return [];
  const where = dataset === undefined ? 'no dataset is named' : `${dataset} is not in the package`;
  return [`Nothing was measured, ${where}: the gate was held against what sluice.yaml declares.`];
};

/** The report as a table, one row a check, and what has to be known beside it. */
export const formatReleaseTest = (report: Report): string => {
  const { model, version, load, golden, evaluation } = report;
  const rows: Row[] = [
    ['load', outcomeOf(load.passed), load.reason ?? `${load.durationMs} ms`],
    ...golden.map(goldenRow),
    ...(evaluation?.metrics ?? []).map(metricRow),
    ...(evaluation?.reason === undefined
      ? []
      : [['evaluation', outcomeOf(false), evaluation.reason] as const]),
  ];
  const table = formatTable(['CHECK', 'OUTCOME', 'DETAIL'], rows);
  const notes = notesOf(report).map((note) => `${note}\n`);
  return [`${model} ${version}\n\n${table}`, ...(notes.length > 0 ? ['\n', ...notes] : [])].join('');
};
