import { Command } from 'commander';
import { type GlobalOptions, outputOf } from '../../options.ts';
import { formatPairs } from '../../output/table.ts';
import { readPackage } from '../../package/read-package.ts';
import type { Terminal } from '../../terminal.ts';

/** `sluice release validate FOLDER`: what the server would say of a package, without a server. */
export const validateCommand = (terminal: Terminal): Command =>
  new Command('validate')
    .description('whether a folder is a good package; every fault with its place')
    .argument('<folder>')
    .action(async (folder: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions>();
      const { release, golden, rows } = await readPackage(folder);
      const { model, version, digest } = release;
      const report = { valid: true, model, version, digest, goldenCases: golden.length, rows: rows.length };
      terminal.print(
        outputOf(options, terminal) === 'json' ? `${JSON.stringify(report, null, 2)}\n` : asTable(report),
      );
    });

interface Report {
  readonly model: string;
  readonly version: string;
  readonly digest: string;
  readonly goldenCases: number;
  readonly rows: number;
}

const asTable = ({ model, version, digest, goldenCases, rows }: Report): string =>
  formatPairs([
    ['valid', `${model} ${version}`],
    ['digest', digest],
    ['golden cases', goldenCases === 0 ? 'none: nothing proves the export' : goldenCases],
    ['evaluation', rows === 0 ? undefined : `${rows} rows`],
  ]);
