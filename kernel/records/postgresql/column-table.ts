import { binaryArray, type ElementType } from './binary-array.ts';

/** A column that is written, and how its value is had from a row. */
export interface Column<Row> {
  readonly name: string;
  readonly type: string;
  encode(rows: readonly Row[]): Buffer;
}

export const column = <Row, Value>(
  name: string,
  type: ElementType<Value>,
  value: (row: Row) => Value | undefined,
): Column<Row> => ({ name, type: type.name, encode: (rows) => binaryArray(type, rows.map(value)) });

/** The rows as a table of a query: `unnest($1::text[], …) as <alias>(<names>)`, one parameter for each column. */
export const tableOf = <Row>(columns: readonly Column<Row>[], alias: string): string => {
  const arrays = columns.map(({ type }, index) => `$${index + 1}::${type}[]`);
  return `unnest(${arrays.join(', ')}) as ${alias}(${namesOf(columns)})`;
};

export const namesOf = <Row>(columns: readonly Column<Row>[]): string =>
  columns.map(({ name }) => name).join(', ');

export const encodeRows = <Row>(columns: readonly Column<Row>[], rows: readonly Row[]): Buffer[] =>
  columns.map(({ encode }) => encode(rows));
