/** What the names of an expression stand for. */
export type NameType =
  | { readonly kind: ScalarKind; readonly nullable?: boolean }
  | { readonly kind: 'object'; readonly fields: Readonly<Record<string, NameType>> }
  /** Of objects whose fields are looked up when the expression is evaluated. */
  | { readonly kind: 'list'; readonly maxItems: number }
  /** Of any shape, with so many values in it at most; only the values tell what it is. */
  | { readonly kind: 'any'; readonly maxItems: number };

export type ScalarKind = 'number' | 'boolean' | 'string';

/** A value that is written into the release. */
export type Constant = number | boolean | string | readonly number[] | readonly string[];

export interface Names {
  readonly variables: Readonly<Record<string, NameType>>;
  readonly constants: Readonly<Record<string, Constant>>;
}

/** Values of the variables; every one that an expression reads must be there, null where it is missing. */
export type Values = Readonly<Record<string, unknown>>;

/** What the language keeps for itself (https://github.com/google/cel-spec, doc/langdef.md, "Syntax"), and the library. */
const reserved: ReadonlySet<string> = new Set(
  'as break const continue else false for function if import in let loop namespace null package return this true var void while cel google'.split(
    ' ',
  ),
);

/** Whether an expression can name it. */
export const isNameable = (name: string): boolean =>
  /^[A-Za-z_][A-Za-z0-9_]*$/.test(name) && !reserved.has(name) && !(name in Object.prototype);

/** Those that an expression can name. */
export const nameable = <Value>(given: Readonly<Record<string, Value>>): Record<string, Value> =>
  Object.fromEntries(Object.entries(given).filter(([name]) => isNameable(name)));

/** How a message lists what exists. */
export const listed = (names: readonly string[]): string =>
  names.length === 0 ? 'there is none' : `there are ${names.join(', ')}`;
