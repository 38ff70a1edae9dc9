import { type Figure, figures, type Round } from '../figures.ts';
import { type Row, type Section, sections } from '../rows/row.ts';
import type { Results } from '../run-rows.ts';
import { type Spread, spreadOf } from '../statistics.ts';
import type { Goal } from './goal.ts';
import { judgeGoals, type Outcome } from './goals.ts';

/** Three digits are enough where there are so few; whole numbers above. */
const digits = (value: number): string => {
  const size = Math.abs(value);
  return value.toLocaleString('en-US', { maximumFractionDigits: size >= 100 ? 0 : size >= 10 ? 1 : 2 });
};

const spread = ({ median, least, most }: Spread, unit = ''): string =>
  `${digits(median)}${unit}${least === most ? '' : ` (${digits(least)}–${digits(most)})`}`;

const line = (cells: readonly string[]): string => `| ${cells.join(' | ')} |`;

const table = (heads: readonly string[], lines: readonly (readonly string[])[]): string[] => [
  line(heads),
  `|${'---|'.repeat(heads.length)}`,
  ...lines.map(line),
];

const roundsOf = ({ rounds, single }: Results, row: Row): readonly Round[] =>
  row.once === true ? [single] : rounds;

const valueIn = (round: Round, name: string, figure: Figure): number =>
  round.get(name)?.[figure] ?? Number.NaN;

const valuesOf = (results: Results, row: Row, figure: Figure): number[] =>
  roundsOf(results, row)
    .map((round) => valueIn(round, row.name, figure))
    .filter((value) => !Number.isNaN(value));

/** Of one column; empty where nothing was measured. */
const cell = (results: Results, row: Row, figure: Figure): string => {
  const measured = spreadOf(valuesOf(results, row, figure));
  return measured === undefined ? '' : spread(measured);
};

/** Within each round against the best of the others, so that a slow minute is on both sides. */
const comparisonCell = ({ rounds }: Results, { name, against }: Row): string => {
  if (against === undefined) return '';
  const ratioIn = (round: Round): number => {
    const others = against.rows.map((other) => valueIn(round, other, 'rowsPerSecond'));
    const best = Math.max(...others.filter((value) => !Number.isNaN(value)));
    return valueIn(round, name, 'rowsPerSecond') / best;
  };
  const ratios = spreadOf(rounds.map(ratioIn).filter((ratio) => ratio > 0));
  return ratios === undefined ? '' : `${spread(ratios, '×')} ${against.label}`;
};

const allFigures = Object.keys(figures) as Figure[];

const isUsed = (results: Results, rows: readonly Row[], figure: Figure): boolean => {
  const measured = rows.filter((row) => valuesOf(results, row, figure).length > 0);
  if (figure !== 'rowsPerSecond') return measured.length > 0;
  // Where each request has one row it would be the same column again.
  return measured.some((row) => cell(results, row, figure) !== cell(results, row, 'requestsPerSecond'));
};

const sectionTable = (results: Results, section: Section): string[] => {
  const rows = results.rows.filter((row) => row.section === section);
  const used = allFigures.filter((figure) => isUsed(results, rows, figure));
  if (used.length === 0) return [];
  const comparisons = rows.map((row) => comparisonCell(results, row));
  const compares = comparisons.some((text) => text !== '');
  const heads = ['', 'row', ...used.map((figure) => figures[figure]), ...(compares ? ['throughput'] : [])];
  const lines = rows.map((row, index) => [
    row.title,
    `\`${row.name}\``,
    ...used.map((figure) => cell(results, row, figure)),
    ...(compares ? [comparisons[index] ?? ''] : []),
  ]);
  return [`### ${sections[section]}`, '', ...table(heads, lines), ''];
};

const bound = ({ better, unit }: Goal, value: number): string =>
  `${better === 'higher' ? '≥' : '≤'} ${digits(value)}${unit}`;

const goalLine = ({ goal, measured, verdict }: Outcome): string[] => [
  goal.text,
  bound(goal, goal.atLeast),
  bound(goal, goal.stretch),
  spread(measured, goal.unit),
  verdict === 'stretch' ? 'yes, the stretch too' : verdict,
];

const goalTable = ({ rounds, single }: Results): string[] => {
  const outcomes = judgeGoals(rounds, single);
  if (outcomes.length === 0) return [];
  const heads = ['goal', 'at least', 'stretch', 'measured', 'met?'];
  return ['### Goals', '', ...table(heads, outcomes.map(goalLine)), ''];
};

export interface About {
  readonly machine: string;
  readonly versions: string;
  readonly command: string;
}

/** The measured part of docs/benchmarks.md, in Markdown. */
export const renderReport = (results: Results, { machine, versions, command }: About): string =>
  [
    `Machine: ${machine}. ${versions}.`,
    `Command: \`${command}\`. Rounds: ${results.rounds.length}; median (least–most).`,
    '',
    ...goalTable(results),
    ...(Object.keys(sections) as Section[]).flatMap((section) => sectionTable(results, section)),
    ...results.failures.map((failure) => `FAILED: ${failure}\n`),
  ]
    .join('\n')
    .trimEnd();
