/** text: as it stands in the file; json: of any type, row by row. */
export type ColumnKind = 'text' | 'number' | 'integer' | 'boolean' | 'time' | 'json';

export interface InputColumn {
  readonly name: string;
  /** By which a row has its value. */
  readonly key: number | string;
  readonly kind: ColumnKind;
}

/** Values by the keys of the columns; undefined and null: there is none. */
export type Fields = Readonly<Record<number | string, unknown>>;

export interface InputRow {
  readonly fields: Fields | undefined;
  /** Where the row stands and why there are no fields: `line 17: expected a JSON object`. */
  readonly error?: string;
}

/** Rows of a file, read as they are asked for. */
export interface Input {
  /** Of a .jsonl file those of its first rows. */
  readonly columns: readonly InputColumn[];
  /** From the row behind so many; only of these columns, where the format allows that. */
  readonly rows: (skip: number, columns: readonly InputColumn[]) => AsyncIterable<readonly InputRow[]>;
  /** How much of the file has been read, from 0 to 1. */
  readonly part: () => number;
}
