import { readFileSync, writeFileSync } from 'node:fs';
import { cpus, totalmem } from 'node:os';
import { repository } from '../support/process.ts';
import { type Growth, measuredRequests } from './growth.ts';
import type { Load } from './load.ts';

export interface Report {
  readonly rows: readonly { readonly name: string; readonly rounds: readonly Load[] }[];
  readonly growth: readonly Growth[];
  readonly start: { readonly firstMs: number; readonly secondMs: number };
}

const median = (values: readonly number[]): number =>
  [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN;
const whole = (value: number): string => Math.round(value).toLocaleString('en-US');

const range = (values: readonly number[]): string =>
  `${whole(median(values))} (${whole(Math.min(...values))}–${whole(Math.max(...values))})`;

const machine = (): string => {
  const [cpu] = cpus();
  return `${cpus().length} × ${cpu?.model.trim()}, ${Math.round(totalmem() / 2 ** 30)} GiB, Linux, Node ${process.versions.node}`;
};

const speedTable = ({ rows }: Report): string[] => {
  const bare = median(rows[0]?.rounds.map(({ p50Us }) => p50Us) ?? []);
  return [
    '| | requests/s | p50 µs | p99 µs | p50 above the bare loop, µs |',
    '|---|---|---|---|---|',
    ...rows.map(({ name, rounds }) => {
      const p50 = rounds.map(({ p50Us }) => p50Us);
      const cells = [rounds.map(({ perSecond }) => perSecond), p50, rounds.map(({ p99Us }) => p99Us)].map(
        range,
      );
      return `| ${[name, ...cells, whole(median(p50) - bare)].join(' | ')} |`;
    }),
  ];
};

const memoryTable = ({ growth }: Report): string[] => [
  `| | RSS idle, MiB | anonymous after warm-up, MiB | after ${whole(measuredRequests)} more requests, MiB | growth, MiB |`,
  '|---|---|---|---|---|',
  ...growth.map(
    ({ process: name, idleRss, warm, after }) =>
      `| ${[name, ...[idleRss, warm, after, after - warm].map(whole)].join(' | ')} |`,
  ),
];

/** The measured part of docs/benchmarks.md, in Markdown. */
export const renderReport = (report: Report): string =>
  [
    `Machine: ${machine()}. Command: \`npm run bench\`. Rounds: ${report.rows[0]?.rounds.length ?? 0}; median (least–most).`,
    '',
    ...speedTable(report),
    '',
    ...memoryTable(report),
    '',
    `\`npm start\` to ready: ${whole(report.start.firstMs)} ms the first time, ${whole(report.start.secondMs)} ms the second.`,
  ].join('\n');

const page = `${repository}docs/benchmarks.md`;
const [begin, end] = ['<!-- measured: begin -->', '<!-- measured: end -->'];

/** Puts the measured part between its marks in docs/benchmarks.md. */
export const writePage = (measured: string): void => {
  const text = readFileSync(page, 'utf8');
  const [head] = text.split(begin);
  const [, tail] = text.split(end);
  writeFileSync(page, `${head}${begin}\n${measured}\n${end}${tail}`);
};
