import { extname } from 'node:path';
import { Command } from 'commander';
import { CommandFailure, exitCodes, usageFailure } from '../../command-failure.ts';
import {
  type ExportFormat,
  type ExportOptions,
  exportFormats,
  exportPredictions,
} from '../../export/export-predictions.ts';
import { interruptible } from '../../interruptible.ts';
import { type GlobalOptions, gatewayOf } from '../../options.ts';
import { noProgressBar, showProgressBar } from '../../output/progress-bar.ts';
import { addRangeOptions, type RangeOptions, rangeOf } from '../../predictions/filter-options.ts';
import type { Terminal } from '../../terminal.ts';

interface OwnOptions extends RangeOptions {
  readonly model: string;
  readonly version?: string;
  readonly withFeedback: boolean;
  readonly synthetic?: boolean;
  readonly output: string;
}

/** `sluice predictions export` */
export const exportCommand = (terminal: Terminal): Command =>
  addRangeOptions(
    new Command('export')
      .description('recorded predictions of a model as a table in a file, the earliest first')
      .requiredOption('--model <name>', 'of this model')
      .option('--version <version>', 'that this release answered; an exact version'),
  )
    .option('--with-feedback', 'only labelled ones, with what is known about them: a training set', false)
    .option('--synthetic', 'those of tests and probes, which are left out otherwise')
    .requiredOption('-o, --output <file>', '.parquet, .csv or .jsonl')
    .action(async (own: OwnOptions, command: Command) => {
      const gateway = gatewayOf(command.optsWithGlobals<GlobalOptions>(), terminal);
      const filter = filterOf(own);
      const { withFeedback, output: path } = own;
      const format = formatOf(path);
      using progress = terminal.isInteractive ? showProgressBar('exporting', 'predictions') : noProgressBar;
      const rows = await interruptible((stop) =>
        exportPredictions({ gateway, filter, withFeedback, path, format, progress, stop }),
      );
      if (rows === 0) throw nothing(filter, withFeedback);
      terminal.print(`${path} has ${rows} ${rows === 1 ? 'prediction' : 'predictions'} of ${own.model}\n`);
    });

const formatOf = (path: string): ExportFormat => {
  const ending = extname(path).slice(1).toLowerCase();
  const format = exportFormats.find((each) => each === ending);
  if (format !== undefined) return format;
  throw usageFailure(`--output: expected a file that ends with .parquet, .csv or .jsonl, got '${path}'`);
};

/** Up to now where no end is given: what comes while it runs is not in it. */
const filterOf = (own: OwnOptions): ExportOptions['filter'] => {
  const { model, version, synthetic } = own;
  const { from, to = new Date().toISOString() } = own;
  if (from === undefined) throw usageFailure('--from is missing: a time, or so long ago, such as -7d');
  return {
    model,
    ...(version !== undefined && { version }),
    ...(synthetic === true && { synthetic }),
    from,
    to,
    ...rangeOf({ from, to }),
  };
};

const nothing = (
  { model, version, from, to }: ExportOptions['filter'],
  withFeedback: boolean,
): CommandFailure => {
  const what = withFeedback ? 'no labelled predictions' : 'no predictions';
  const which = version === undefined ? model : `${model} ${version}`;
  return new CommandFailure(`there are ${what} of ${which} from ${from} to ${to}; no file was written`, {
    code: 'NOTHING_TO_EXPORT',
    exitCode: exitCodes.failed,
  });
};
