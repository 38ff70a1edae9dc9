import type { CategoryReport } from '../replay/category-tally.ts';
import type { Bin } from '../replay/histogram.ts';
import type { NumberReport } from '../replay/number-tally.ts';
import type { Reason, ReplayReport } from '../replay/tally.ts';
import { shortNumber } from './short-number.ts';
import { formatPairs, formatTable } from './table.ts';

const barWidth = 40;
/** Transitions that are shown; JSON and HTML have them all. */
const shownTransitions = 20;

type Counts = Readonly<Record<string, number>>;

/** `27 (UNKNOWN_VEHICLE 20, OUT_OF_RANGE 7)` */
export const formatCounts = (total: number, counts: Counts): string => {
  const parts = Object.entries(counts).map(([name, count]) => `${name} ${count}`);
  return parts.length === 0 ? String(total) : `${total} (${parts.join(', ')})`;
};

const sumOf = (counts: Counts): number => Object.values(counts).reduce((sum, count) => sum + count, 0);

/** The counts of a replay, in words. */
export const replayCounts = (report: ReplayReport): (readonly [string, string])[] => {
  const { newlyRefused, newlyFailing, newlyAnswered, skipped } = report;
  return [
    ['compared', formatCounts(report.compared, report.recorded)],
    ['same', String(report.same)],
    ['different', String(report.different)],
    ['newly refused', String(newlyRefused)],
    ['newly failing', String(newlyFailing)],
    ['newly answered', String(newlyAnswered)],
    ['skipped', formatCounts(sumOf(skipped), skipped)],
  ];
};

export const reasonHeadings = ['WHY', 'COUNT', 'SUCH AS', 'WHICH SAYS'] as const;

export const reasonRows = (reasons: readonly Reason[]): string[][] =>
  reasons.map(({ code, count, predictionId, message }) => [code, String(count), predictionId, message]);

/** The differences on a terminal: counts, quantiles, bars and the largest cases. */
export const formatReplay = (report: ReplayReport): string => {
  const { model, release, from, to, numbers, categories, reasons } = report;
  return [
    `${model} ${release} on what was recorded from ${from} to ${to}\n`,
    formatPairs(replayCounts(report)),
    reasons.length === 0 ? '' : formatTable(reasonHeadings, reasonRows(reasons)),
    numbers.length === 0 ? '' : quantileTable(numbers),
    ...numbers.filter(({ changed }) => changed > 0).flatMap(numberDetails),
    ...categories.map(transitionTable),
  ]
    .filter((part) => part !== '')
    .join('\n');
};

const quantileTable = (numbers: readonly NumberReport[]): string => {
  const rows = numbers.map(({ output, changed, size, meanChange }) => [
    output,
    String(changed),
    ...[size.p0, size.p50, size.p90, size.p99, size.p100, size.mean, meanChange].map(shortNumber),
  ]);
  return formatTable(['CHANGE OF', 'CHANGED', 'P0', 'P50', 'P90', 'P99', 'P100', 'MEAN', 'MEAN +/-'], rows);
};

const numberDetails = ({ output, histogram, largest }: NumberReport): string[] => {
  const rows = largest.map(({ predictionId, from, to, change }) => [
    predictionId,
    ...[from, to, change].map(shortNumber),
  ]);
  return [
    `How ${output} changed:\n${formatBars(histogram)}`,
    formatTable([`LARGEST CHANGES OF ${output}`, 'FROM', 'TO', 'CHANGE'], rows),
  ];
};

const formatBars = (bins: readonly Bin[]): string => {
  const most = Math.max(...bins.map(({ count }) => count));
  const labels = bins.map(({ from, to }) => `${shortNumber(from)} to ${shortNumber(to)}`);
  const width = Math.max(...labels.map((label) => label.length));
  const lines = bins.map(({ count }, index) => {
    const bar = '█'.repeat(count === 0 ? 0 : Math.max(1, Math.round((count / most) * barWidth)));
    return `  ${(labels[index] ?? '').padStart(width)}  ${bar}${bar === '' ? '' : ' '}${count}\n`;
  });
  return lines.join('');
};

const transitionTable = ({ output, compared, changed, transitions, others }: CategoryReport): string => {
  if (changed === 0) return '';
  const shown = transitions.slice(0, shownTransitions);
  const rows = shown.map(({ from, to, count, predictionId }) => [from, to, String(count), predictionId]);
  const left = changed - shown.reduce((sum, { count }) => sum + count, 0);
  const rest = left === 0 ? '' : `and ${left} more changes of other values\n`;
  const note = others === 0 ? rest : `${rest}${others} of them were not kept apart\n`;
  const head = `${output}: ${changed} of ${compared} changed\n`;
  return `${head}${formatTable(['FROM', 'TO', 'COUNT', 'SUCH AS'], rows)}${note}`;
};
