import { jsonOrString } from '../json-input.ts';
import type { ColumnKind } from './input/input.ts';
import type { Value } from './row.ts';

/** Number reads hexadecimal digits and blanks too. */
const noDecimal = /^\s*$|^[+-]?0[xob]/i;

const numberOr = (text: string): unknown => {
  const number = Number(text);
  return Number.isFinite(number) && !noDecimal.test(text) ? number : text;
};

const booleans: Readonly<Record<string, boolean>> = { true: true, false: false, '1': true, '0': false };

/**
 * A cell of text as the feature's type has it; what does not look like one stays text, and the gateway says what is
 * wrong with it. undefined: there is no value.
 */
export const featureOfText = (text: string, type: string): unknown => {
  if (text === '') return undefined;
  if (type === 'number') return numberOr(text);
  if (type === 'boolean') return booleans[text.toLowerCase()] ?? text;
  return type === 'tensor' ? jsonOrString(text) : text;
};

/** A part of a longer text keeps all of that in memory: what outlives the row is a copy. */
const copyOf = (text: string): string => Buffer.from(text).toString();

/** What is copied to the output: lists and objects as JSON text. */
export const keptValue = (value: unknown, kind: ColumnKind): Value => {
  if (value === undefined || value === null) return null;
  if (kind === 'text') return value === '' ? null : copyOf(String(value));
  if (typeof value === 'object')
    return JSON.stringify(value, (_, each) => (typeof each === 'bigint' ? Number(each) : each));
  if (typeof value === 'number') return Number.isFinite(value) ? value : null;
  return value as Value;
};
