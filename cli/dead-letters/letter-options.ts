import { deadLettersTopic } from '@sluice/kernel/records/topics';
import type { Command } from 'commander';
import { eventLogOption, type LogOptions } from '../event-log/open-log.ts';
import { addRangeOptions, type RangeOptions, rangeOf } from '../predictions/filter-options.ts';
import type { LetterFilter } from './letter.ts';

export interface LetterOptions extends LogOptions, RangeOptions {
  readonly topic: string;
  readonly stream?: string;
  readonly code?: string;
}

/** Adds what says which letters are meant. */
export const addLetterOptions = (command: Command): Command =>
  addRangeOptions(
    command
      .option('--topic <name>', 'where the letters lie', deadLettersTopic)
      .option('--stream <name>', 'only of this stream')
      .option('--code <code>', 'only with this code of an error'),
  ).addOption(eventLogOption());

/** @throws CommandFailure USAGE for a range that holds no time */
export const filterOf = (options: LetterOptions): LetterFilter => {
  const { from, to } = rangeOf(options);
  return { stream: options.stream, code: options.code, from, to };
};
