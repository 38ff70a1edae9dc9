import { writeFile } from 'node:fs/promises';
import { Command, Option } from 'commander';
import { z } from 'zod';
import { release } from '../answers.ts';
import { CommandFailure, exitCodes, usageFailure } from '../command-failure.ts';
import { call, type GatewayOptions, releasePath } from '../gateway-client.ts';
import { interruptible } from '../interruptible.ts';
import { numberWithin, wholeNumber } from '../number-option.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../options.ts';
import { noProgressBar, showProgressBar } from '../output/progress-bar.ts';
import { replayPage } from '../output/replay-page.ts';
import { formatReplay } from '../output/replay-table.ts';
import { addRangeOptions, type RangeOptions, rangeOf } from '../predictions/filter-options.ts';
import { type ReplayOptions, replayPredictions } from '../replay/replay-predictions.ts';
import type { ReplayReport } from '../replay/tally.ts';
import type { Terminal } from '../terminal.ts';

type ReportFormat = 'table' | 'json' | 'html';

interface OwnOptions extends RangeOptions {
  readonly model: string;
  readonly release: string;
  readonly version?: string;
  readonly limit?: number;
  readonly largest: number;
  readonly tolerance: number;
  readonly output?: ReportFormat;
  readonly out?: string;
}

const maxLimit = 1_000_000_000;
const maxLargest = 1_000;
const defaultTolerance = 1e-6;

/** `sluice replay` */
export const replayCommand = (terminal: Terminal): Command =>
  addRangeOptions(
    new Command('replay')
      .description('run recorded inputs against another release, and show what it would have answered')
      .requiredOption('--model <name>', 'whose predictions')
      .requiredOption('--release <version>', 'which is to answer: a version, range, alias, digest or time')
      .option('--version <version>', 'only predictions that this release answered; an exact version'),
  )
    .option('--limit <count>', 'only the latest so many', wholeNumber(1, maxLimit))
    .option('--largest <count>', 'how many of the largest changes are shown', wholeNumber(0, maxLargest), 10)
    .option(
      '--tolerance <part>',
      'numbers are the same that differ by less than this part of them',
      numberWithin(0, 1),
      defaultTolerance,
    )
    .addOption(
      new Option('--output <format>', 'table, json, or a page of html').choices(['table', 'json', 'html']),
    )
    .option('-o, --out <file>', 'where the report goes (stdout); .html makes it a page')
    .action(async (own: OwnOptions, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const filter = filterOf(own);
      const gateway = gatewayOf(options, terminal);
      const target = { gateway, model: own.model, release: await versionOf(gateway, own) };
      const report = await replayWithProgress({ ...target, filter }, own, terminal);
      if (report.compared === 0 && Object.keys(report.skipped).length === 0) throw nothing(filter);
      const text = formatted(report, own, outputOf(options, terminal));
      if (own.out === undefined) terminal.print(text);
      else await writeFile(own.out, text);
    });

/** Up to now where no end is given. */
const filterOf = ({ model, version, from, to }: OwnOptions): ReplayOptions['filter'] => {
  if (from === undefined) throw usageFailure('--from is missing: a time, or so long ago, such as -7d');
  const range = { from, to: to ?? new Date().toISOString() };
  return { model, ...(version !== undefined && { version }), ...range, ...rangeOf(range) };
};

/** One release answers all, wherever an alias moves meanwhile. @throws CommandFailure with the gateway's code */
const versionOf = async (gateway: GatewayOptions, own: OwnOptions): Promise<string> => {
  const answer = await call(gateway, 'GET', releasePath('v1', own.model, own.release));
  return z.object({ release }).parse(answer).release.release.version;
};

const replayWithProgress = async (
  given: Pick<ReplayOptions, 'gateway' | 'model' | 'release' | 'filter'>,
  { limit, largest, tolerance }: OwnOptions,
  terminal: Terminal,
): Promise<ReplayReport> => {
  using progress = terminal.isInteractive ? showProgressBar('replaying', 'predictions') : noProgressBar;
  const settings = { limit, largest, tolerance, random: Math.random, progress };
  return await interruptible((stop) => replayPredictions({ ...given, ...settings, stop }));
};

const formatted = (report: ReplayReport, own: OwnOptions, usual: 'table' | 'json'): string => {
  const format = own.output ?? (own.out?.endsWith('.html') ? 'html' : usual);
  if (format === 'html') return replayPage(report);
  return format === 'json' ? `${JSON.stringify(report, null, 2)}\n` : formatReplay(report);
};

const nothing = ({ model, from, to }: ReplayOptions['filter']): CommandFailure =>
  new CommandFailure(`there are no predictions of ${model} from ${from} to ${to}`, {
    code: 'NOTHING_TO_REPLAY',
    exitCode: exitCodes.failed,
  });
