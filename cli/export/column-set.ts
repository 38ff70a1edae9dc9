import { CommandFailure, exitCodes } from '../command-failure.ts';
import type { Cell, Row } from './flatten-prediction.ts';

/** integer: a whole number of 64 bits, which only files of others have. */
export type ColumnKind = 'text' | 'number' | 'integer' | 'boolean' | 'time';

export interface Column {
  readonly name: string;
  readonly kind: ColumnKind;
}

/** Gathers the columns of all rows. */
export interface ColumnSet {
  /** @throws CommandFailure TOO_MANY_COLUMNS */
  readonly add: (row: Row) => void;
  readonly columns: () => readonly Column[];
}

/** A table is held in memory as wide as it is, and readers choke on more. */
export const maxColumns = 10_000;

const timeColumns: ReadonlySet<string> = new Set(['time', 'feedback_time']);
/** They stand last, behind inputs and outputs that come with later rows. */
const feedbackColumns = ['label', 'reward', 'correction', 'comment', 'feedback_author', 'feedback_time'];

const kindOf = (name: string, cell: Exclude<Cell, null>): ColumnKind => {
  if (timeColumns.has(name)) return 'time';
  return typeof cell === 'string' ? 'text' : (typeof cell as 'number' | 'boolean');
};

/** Inputs before outputs before feedback, each in the order of their first appearance. */
const placeOf = (name: string): number => {
  if (name.startsWith('input.')) return 1;
  if (name.startsWith('output.')) return 2;
  return feedbackColumns.includes(name) ? 3 : 0;
};

const tooMany = (): CommandFailure =>
  new CommandFailure(
    `the inputs and outputs of these predictions have more than ${maxColumns} names; a .jsonl file has no columns`,
    { code: 'TOO_MANY_COLUMNS', exitCode: exitCodes.failed },
  );

/** A column has the kind that all its values have; where they differ, it is text. Without any value it is text too. */
export const columnSet = (): ColumnSet => {
  const kinds = new Map<string, ColumnKind | undefined>();
  return {
    add: (row) => {
      for (const [name, cell] of row) {
        const earlier = kinds.get(name);
        const kind = cell === null ? undefined : kindOf(name, cell);
        if (earlier === undefined) kinds.set(name, kind);
        else if (kind !== undefined && kind !== earlier) kinds.set(name, 'text');
      }
      if (kinds.size > maxColumns) throw tooMany();
    },
    columns: () =>
      [...kinds]
        .map(([name, kind = 'text']) => ({ name, kind }))
        .sort((a, b) => placeOf(a.name) - placeOf(b.name)),
  };
};
