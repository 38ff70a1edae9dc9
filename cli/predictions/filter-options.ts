import { type Command, Option } from 'commander';
import { usageFailure } from '../command-failure.ts';
import { timeOption } from '../time-option.ts';
import type { PredictionFilter } from './list-predictions.ts';

export interface RangeOptions {
  readonly from?: string;
  readonly to?: string;
}

const forms = 'RFC 3339, a date (UTC), now, or so long ago: -1h, -7d';

/** Adds --from and --to. */
export const addRangeOptions = (command: Command): Command =>
  command
    .addOption(new Option('--from <time>', `at or after: ${forms}`).argParser(timeOption))
    .addOption(new Option('--to <time>', 'before').argParser(timeOption));

/** @throws CommandFailure USAGE for a range that holds no time */
export const rangeOf = ({ from, to }: RangeOptions): Pick<PredictionFilter, 'from' | 'to'> => {
  if (from !== undefined && to !== undefined && from >= to)
    throw usageFailure(`--from must be before --to; it is ${from}, and --to is ${to}`);
  return { ...(from !== undefined && { from }), ...(to !== undefined && { to }) };
};
