import type { Environment, ParseResult } from '@marcbachmann/cel-js';
import { messageOf } from '../errors/message-of.ts';
import { inspect } from './inspect.ts';
import type { Language } from './language.ts';
import { makeDoubles } from './make-doubles.ts';
import type { ScalarKind, Values } from './names.ts';

/** What an expression may give. */
export type ResultKind = ScalarKind | 'null';

export interface Expression {
  /** Gives one of the wanted kinds. @throws Error that says why there is no result for these values. */
  readonly evaluate: (values: Values) => unknown;
  /** The variables that it reads. */
  readonly reads: ReadonlySet<string>;
  /** That one evaluation takes at most. */
  readonly steps: number;
}

export type Compiled<Value> = { readonly value: Value } | { readonly error: string };

/** Longest expression, in characters. */
const maxLength = 2_000;

const kindOfType: Readonly<Record<string, ResultKind>> = {
  bool: 'boolean',
  double: 'number',
  int: 'number',
  string: 'string',
  null: 'null',
};

/** The library's message without its drawing of the place, and the place. */
const told = (error: unknown): string => {
  const { summary = messageOf(error), range } = error as { summary?: string; range?: { start: number } };
  return range === undefined ? summary : `${summary} (at character ${range.start + 1})`;
};

/** CEL's whole numbers are bigints. */
const plain = (value: unknown): unknown => (typeof value === 'bigint' ? Number(value) : value);
const kindOf = (value: unknown): string => (value === null ? 'null' : typeof value);

/** What the types say it gives; undefined: only the values will tell. */
const typeFault = (type: string, wanted: readonly string[]): string | undefined => {
  const kind = kindOfType[type];
  const fits = type === 'dyn' || (kind !== undefined && wanted.includes(kind));
  return fits ? undefined : `expected ${wanted.join(' or ')}, it gives ${kind ?? type}`;
};

/** The same with errors that can be told. */
const telling =
  (run: (values: Values) => unknown, wanted: readonly string[]): Expression['evaluate'] =>
  (values) => {
    let value: unknown;
    try {
      value = plain(run(values));
    } catch (error) {
      throw new Error(told(error), { cause: error });
    }
    if (wanted.includes(kindOf(value))) return value;
    throw new Error(`expected ${wanted.join(' or ')}, it gave ${kindOf(value)}`);
  };

const parse = (environment: Environment, text: string): ParseResult => {
  const parsed = environment.parse(text);
  makeDoubles(parsed.ast);
  return parsed;
};

const compile = (
  text: string,
  { names, checked, evaluated }: Language,
  wanted: readonly ResultKind[],
): Compiled<Expression> => {
  const typed = parse(checked, text);
  const { reads, steps, faults } = inspect(typed.ast, names);
  if (faults.length > 0) return { error: faults.join('; ') };
  const { type = '', error } = typed.check();
  if (error !== undefined) return { error: told(error) };
  const fault = typeFault(type, wanted);
  if (fault !== undefined) return { error: fault };
  return { value: { reads, steps, evaluate: telling(parse(evaluated, text), wanted) } };
};

/** Parses an expression, finds out what it reads and costs, and checks its types. */
export const compileExpression = (
  text: string,
  language: Language,
  wanted: readonly ResultKind[],
): Compiled<Expression> => {
  if (text.length > maxLength) return { error: `${text.length} characters, expected at most ${maxLength}` };
  try {
    return compile(text, language, wanted);
  } catch (error) {
    return { error: told(error) };
  }
};
