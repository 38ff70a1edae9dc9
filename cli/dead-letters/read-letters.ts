import type { EventLog } from '@sluice/kernel/event-log/event-log';
import { readTopic } from '../event-log/read-topic.ts';
import { isMeant, type Letter, type LetterFilter, letterOf } from './letter.ts';

export interface LettersOptions {
  readonly log: EventLog;
  readonly topic: string;
  readonly filter: LetterFilter;
  /** Where to end, by partition. */
  readonly ends: ReadonlyMap<number, bigint>;
  readonly stop: AbortSignal;
}

/** A letter is written a little after the time that it says, by whichever clock. */
const clocksDifferMs = 3_600_000;

/** The letters that are meant, in the order of each partition. */
export const readLetters = async function* (options: LettersOptions): AsyncGenerator<Letter> {
  const { filter, ...reading } = options;
  const from = filter.from === undefined ? 'earliest' : { timeMs: Date.parse(filter.from) - clocksDifferMs };
  for await (const received of readTopic({ ...reading, from })) {
    const letter = letterOf(received);
    if (isMeant(filter, letter)) yield letter;
  }
};
