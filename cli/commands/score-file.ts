import { existsSync } from 'node:fs';
import { limitYoungGeneration } from '@sluice/kernel/lifecycle/young-generation';
import { Command, InvalidArgumentError, Option } from 'commander';
import { CommandFailure, exitCodes } from '../command-failure.ts';
import type { GatewayOptions } from '../gateway-client.ts';
import { interruptible } from '../interruptible.ts';
import { numberWithin, wholeNumber } from '../number-option.ts';
import { type GlobalOptions, gatewayOf, outputOf } from '../options.ts';
import { noProgressBar, showProgressBar } from '../output/progress-bar.ts';
import { formatPairs } from '../output/table.ts';
import { findGrpcDoor } from '../publish/find-grpc-door.ts';
import { partialOf } from '../score-file/output/output-folder.ts';
import { type Report, type ScoreFileOptions, scoreFile } from '../score-file/score-file.ts';
import type { Terminal } from '../terminal.ts';

interface OwnOptions extends GlobalOptions {
  readonly model: string;
  readonly version?: string;
  readonly out: string;
  readonly entityId?: string;
  readonly keep: 'all' | readonly string[];
  readonly map: ReadonlyMap<string, string>;
  readonly ignoreUnknown: boolean;
  readonly allowErrors: number;
  readonly streams: number;
  readonly patience: number;
  readonly resume: boolean;
  readonly force: boolean;
  readonly grpcServer?: string;
}

/** Of rows that are under way: more of it would only be memory. */
const youngBytes = 8 * 1024 ** 2;

const defaults = { streams: 4, patienceS: 60 } as const;
const [maxStreams, maxPatienceS] = [64, 86_400];

const help = `
The ending of a file says its format: .parquet, .csv or .jsonl. OUT has the rows of INPUT in their order; what came of
each is in its columns outcome (prediction, refusal or error), code, message, prediction_id, release and output.<name>.

A row that fails for good does not stop the others: OUT is written, and the command ends with 1, unless --allow-errors
allows so many. Where the gateway is away, rows are asked again for --patience.

Until all rows are done they are in OUT.partial: --resume goes on behind the last one that is there.`;

/** `sluice score-file INPUT -m MODEL -o OUT` */
export const scoreFileCommand = (terminal: Terminal): Command =>
  new Command('score-file')
    .description('a prediction for each row of a file, in a file')
    .argument('<input>', '.parquet, .csv or .jsonl')
    .requiredOption('-m, --model <name>', 'which is asked')
    .option('-v, --version <version>', 'a version, range, alias, digest or time; else the default')
    .requiredOption('-o, --out <file>', '.parquet, .csv or .jsonl')
    .option('--entity-id <column>', 'what the predictions are about; a feature only where one has its name')
    .option(
      '--keep <columns>',
      'that are copied to the output: names with commas between, or all',
      parseKeep,
      [],
    )
    .option(
      '--map <feature=column...>',
      'a feature that has another name in the input',
      collectMapping,
      new Map(),
    )
    .option('--ignore-unknown', 'pass over columns that are no features', false)
    .option('--allow-errors <count>', 'so many rows may fail, or all', parseAllowed, 0)
    .option('--streams <count>', 'streams to the gateway', wholeNumber(1, maxStreams), defaults.streams)
    .option(
      '--patience <seconds>',
      'how long the gateway may be away, or a row fail',
      numberWithin(0, maxPatienceS),
      defaults.patienceS,
    )
    .option('--resume', 'go on with what an interrupted run has left', false)
    .option('--force', 'take the place of OUT, and begin again', false)
    .option('--grpc-server <host:port>', "the gateway's gRPC door (SLUICE_GRPC_SERVER, what --server tells)")
    .addOption(new Option('--output <format>', 'of the summary: json or table').choices(['json', 'table']))
    .addHelpText('after', help)
    .action(async (path: string, own: OwnOptions, command: Command) => {
      using _ = limitYoungGeneration(youngBytes);
      const options = { ...own, ...command.optsWithGlobals<OwnOptions>() };
      const report = await scoreWithProgress(path, options, terminal);
      terminal.print(
        outputOf(options, terminal) === 'json'
          ? `${JSON.stringify(report, null, 2)}\n`
          : asTable(report, own.out),
      );
      if (report.errors > options.allowErrors) throw rowsFailed(report, own.out);
    });

const scoreWithProgress = async (path: string, options: OwnOptions, terminal: Terminal): Promise<Report> => {
  const gateway = gatewayOf(options, terminal);
  const { grpcServer = terminal.environment['SLUICE_GRPC_SERVER'] } = options;
  using progress = terminal.isInteractive ? showProgressBar('scoring', 'rows') : noProgressBar;
  return await interruptible(async (stop) => {
    const door = { address: await findGrpcDoor(gateway, grpcServer), tlsRoots: rootsFor(gateway) };
    return await scoreFile({ gateway, door, path, progress, stop, ...jobOf(options) });
  }).catch((error: unknown) => {
    throw withWayOn(error, options.out);
  });
};

const jobOf = (
  own: OwnOptions,
): Omit<ScoreFileOptions, 'gateway' | 'door' | 'path' | 'progress' | 'stop'> => {
  const { out, model, version, streams, resume, force, map, entityId, keep, ignoreUnknown } = own;
  const choice = { map, entityId, keep, ignoreUnknown };
  return { out, model, version, choice, streams, patienceMs: own.patience * 1000, resume, force };
};

/** What is done is not lost; of a disk that is full the system tells only its own words. */
const withWayOn = (error: unknown, out: string): unknown => {
  const partial = partialOf(out);
  const isOfSystem = error instanceof Error && 'syscall' in error;
  const failure = isOfSystem
    ? failed(`cannot go on with ${partial} (${error.message})`, 'FILE_FAILED')
    : error;
  if (!(failure instanceof CommandFailure) || failure.exitCode === exitCodes.usage || !existsSync(partial))
    return failure;
  const { code, exitCode, violations, message } = failure;
  const told = `${message}; what is done is in ${partial}: --resume goes on with it`;
  return new CommandFailure(told, { code, exitCode, violations });
};

const failed = (message: string, code: string): CommandFailure =>
  new CommandFailure(message, { code, exitCode: exitCodes.failed });

const rootsFor = ({ server, tlsRoots }: GatewayOptions): Buffer | undefined =>
  server.startsWith('https:') ? (tlsRoots ?? Buffer.alloc(0)) : undefined;

const rowsFailed = ({ errors, rows }: Report, out: string): CommandFailure =>
  failed(`${errors} of ${rows} rows failed; the columns code and message of ${out} say why`, 'ROWS_FAILED');

function parseKeep(text: string): 'all' | string[] {
  return text === 'all' ? 'all' : text.split(',');
}

function collectMapping(text: string, earlier: ReadonlyMap<string, string>): Map<string, string> {
  const [feature = '', ...column] = text.split('=');
  if (feature === '' || column.length === 0)
    throw new InvalidArgumentError(`expected feature=column, got '${text}'`);
  return new Map([...earlier, [feature, column.join('=')]]);
}

function parseAllowed(text: string): number {
  return text === 'all' ? Number.POSITIVE_INFINITY : wholeNumber(0, Number.MAX_SAFE_INTEGER)(text);
}

const asTable = (report: Report, out: string): string =>
  formatPairs([
    ['file', out],
    ['release', `${report.model} ${report.version}`],
    ['rows', report.rows],
    ['predictions', report.predictions],
    ['refusals', report.refusals === 0 ? undefined : report.refusals],
    ['errors', report.errors === 0 ? undefined : report.errors],
    ['done before', report.resumed === 0 ? undefined : report.resumed],
    ['took', `${report.seconds} s, ${report.rowsPerSecond} rows/s`],
  ]);
