import type { Release } from '@sluice/kernel/release/release';
import { Command } from 'commander';
import { CommandFailure, exitCodes } from '../../command-failure.ts';
import { type GlobalOptions, gatewayOf, outputOf, storeOf } from '../../options.ts';
import { formatTable, formatValue } from '../../output/table.ts';
import { type Change, type Comparison, compareReleases } from '../../release-diff/compare-releases.ts';
import { findRelease } from '../../release-diff/find-release.ts';
import type { Terminal } from '../../terminal.ts';

/** `sluice release diff MODEL A B`: what B says differently, and whether it breaks callers of A. */
export const diffCommand = (terminal: Terminal): Command =>
  new Command('diff')
    .description('two releases side by side, and whether the second breaks callers of the first')
    .argument('<model>')
    .argument('<from>', 'a version or another selector; or the folder of a package')
    .argument('<to>', 'the same')
    .option('--exit-code', 'exit code 1 if they differ, as git diff has it', false)
    .action(async (model: string, a: string, b: string, _options: unknown, command: Command) => {
      const options = command.optsWithGlobals<GlobalOptions & { exitCode: boolean }>();
      const places = { storeUrl: storeOf(options, terminal), gateway: gatewayOf(options, terminal) };
      const [from, to] = await Promise.all([findRelease(model, a, places), findRelease(model, b, places)]);
      const comparison = compareReleases(from, to);
      const isJson = outputOf(options, terminal) === 'json';
      terminal.print(isJson ? asJson(model, from, to, comparison) : asTable(from, to, comparison));
      if (!options.exitCode || comparison.changes.length === 0) return;
      // What differs has been said.
      throw new CommandFailure('', { code: 'DIFFERENT', exitCode: exitCodes.failed });
    });

const asJson = (model: string, from: Release, to: Release, comparison: Comparison): string => {
  const sides = { from: from.version, to: to.version };
  const outcome = { breaking: comparison.breaks.length > 0, ...comparison };
  return `${JSON.stringify({ model, ...sides, ...outcome }, null, 2)}\n`;
};

const shown = (value: unknown): string => (value === undefined ? '' : formatValue(value));

/** Where features and outputs lie in the tensors: no caller's business. */
const isInner = ({ path }: Change): boolean => /^(features|outputs)\..*\.(tensor|column|as)$/.test(path);

const asTable = (from: Release, to: Release, { changes, breaks }: Comparison): string => {
  if (changes.length === 0) return `${from.version} and ${to.version} say the same\n`;
  const inner = changes.filter(isInner).length;
  const rows = changes
    .filter((change) => !isInner(change))
    .map(({ path, from: old, to: now }) => [path, shown(old), shown(now)]);
  const note =
    inner === 0
      ? ''
      : `and ${inner} fields that say where features and outputs lie in the tensors (--output json)\n`;
  return `${formatTable(['', from.version, to.version], rows)}${note}\n${verdict(from, breaks)}`;
};

/** Whom it breaks, and whom not. */
const verdict = ({ version }: Release, breaks: Comparison['breaks']): string => {
  if (breaks.length === 0) return `Nothing here breaks callers of ${version}.\n`;
  const rows = breaks.map(({ callers, path, message }) => [path, `who send ${callers}`, message]);
  const table = formatTable(['', 'CALLERS', 'WHY'], rows);
  const isForTensors = breaks.every(({ callers }) => callers === 'tensors');
  const spared = isForTensors ? '\nNothing here breaks callers who send features.\n' : '';
  return `This breaks callers of ${version}:\n\n${table}${spared}`;
};
