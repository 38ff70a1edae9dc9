import type { CategoryReport } from '../replay/category-tally.ts';
import type { Bin } from '../replay/histogram.ts';
import type { NumberReport } from '../replay/number-tally.ts';
import type { ReplayReport } from '../replay/tally.ts';
import { reasonHeadings, reasonRows, replayCounts } from './replay-table.ts';
import { shortNumber } from './short-number.ts';

const escapes: Readonly<Record<string, string>> = {
  '&': '&amp;',
  '<': '&lt;',
  '>': '&gt;',
  '"': '&quot;',
  "'": '&#39;',
};

/** Names and values come from models and callers. */
const escaped = (text: string): string =>
  text.replaceAll(/[&<>"']/g, (character) => escapes[character] ?? '');

const row = (cells: readonly string[], tag: 'td' | 'th' = 'td'): string =>
  `<tr>${cells.map((cell) => `<${tag}>${escaped(cell)}</${tag}>`).join('')}</tr>`;

const table = (headings: readonly string[], rows: readonly (readonly string[])[]): string =>
  `<table>${headings.length === 0 ? '' : row(headings, 'th')}${rows.map((cells) => row(cells)).join('')}</table>`;

const style = `body{font:15px/1.5 system-ui,sans-serif;max-width:60rem;margin:2rem auto;padding:0 1rem;color:#1b1f24}
table{border-collapse:collapse;margin:1rem 0}th,td{text-align:left;padding:.2rem .8rem;border-bottom:1px solid #d8dee4;font-variant-numeric:tabular-nums}
svg{max-width:100%}rect{fill:#2f6f9f}text{font-size:11px;fill:#57606a}`;

/** A page with everything in it: it can be mailed, and asks no server for anything. */
export const replayPage = (report: ReplayReport): string => {
  const { model, release, from, to, numbers, categories, reasons } = report;
  const title = escaped(`${model} ${release} on recorded predictions`);
  return [
    `<!doctype html><html lang="en"><head><meta charset="utf-8"><title>${title}</title><style>${style}</style></head><body>`,
    `<h1>${title}</h1><p>Recorded from ${escaped(from)} to ${escaped(to)}.</p>`,
    table([], replayCounts(report)),
    reasons.length === 0 ? '' : table(reasonHeadings, reasonRows(reasons)),
    ...numbers.map(numberSection),
    ...categories.map(categorySection),
    '</body></html>\n',
  ].join('\n');
};

const numberSection = ({
  output,
  compared,
  changed,
  size,
  meanChange,
  histogram,
  largest,
}: NumberReport): string => {
  const sizes = [size.p0, size.p50, size.p90, size.p99, size.p100, size.mean, meanChange].map(shortNumber);
  const cases = largest.map(({ predictionId, from, to, change }) => [
    predictionId,
    ...[from, to, change].map(shortNumber),
  ]);
  return [
    `<h2>${escaped(output)}</h2><p>${changed} of ${compared} changed. Sizes of the change:</p>`,
    table(['p0', 'p50', 'p90', 'p99', 'p100', 'mean', 'mean of up and down'], [sizes]),
    bars(histogram),
    largest.length === 0 ? '' : table(['prediction', 'from', 'to', 'change'], cases),
  ].join('\n');
};

const categorySection = ({ output, compared, changed, transitions, others }: CategoryReport): string => {
  const rows = transitions.map(({ from, to, count, predictionId }) => [
    from,
    to,
    String(count),
    predictionId,
  ]);
  const rest = others === 0 ? '' : `<p>And ${others} changes of other values.</p>`;
  const head = `<h2>${escaped(output)}</h2><p>${changed} of ${compared} changed.</p>`;
  return changed === 0 ? head : `${head}${table(['from', 'to', 'count', 'such as'], rows)}${rest}`;
};

const chart = { width: 640, height: 180, foot: 20, gap: 2 } as const;

/** A histogram as a picture inside of the page. */
const bars = (bins: readonly Bin[]): string => {
  const most = Math.max(1, ...bins.map(({ count }) => count));
  const step = chart.width / Math.max(1, bins.length);
  const top = chart.height - chart.foot;
  const shapes = bins.map(({ from, to, count }, index) => {
    const height = (count / most) * top;
    const place = `x="${(index * step).toFixed(1)}" y="${(top - height).toFixed(1)}"`;
    const size = `width="${Math.max(1, step - chart.gap).toFixed(1)}" height="${height.toFixed(1)}"`;
    return `<rect ${place} ${size}><title>${shortNumber(from)} to ${shortNumber(to)}: ${count}</title></rect>`;
  });
  const [first, last] = [bins.at(0), bins.at(-1)];
  const ends =
    first === undefined || last === undefined
      ? ''
      : `<text x="0" y="${chart.height - 5}">${shortNumber(first.from)}</text><text x="${chart.width}" y="${chart.height - 5}" text-anchor="end">${shortNumber(last.to)}</text>`;
  return `<svg role="img" aria-label="histogram of the change" viewBox="0 0 ${chart.width} ${chart.height}" width="${chart.width}">${shapes.join('')}${ends}</svg>`;
};
