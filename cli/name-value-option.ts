import { InvalidArgumentError } from 'commander';
import { jsonOrString } from './json-input.ts';

export type NamedValue = readonly [name: string, value: unknown];

/** Collects options of the form name=value: JSON if it parses as JSON, else a string. @throws InvalidArgumentError */
export const collectNamedValue = (
  text: string,
  earlier: readonly NamedValue[] = [],
): readonly NamedValue[] => {
  const split = text.indexOf('=');
  if (split < 1) throw new InvalidArgumentError(`expected name=value, got '${text}'`);
  return [...earlier, [text.slice(0, split), jsonOrString(text.slice(split + 1))]];
};
