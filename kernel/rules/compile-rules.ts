import { createLanguage } from '../expressions/language.ts';
import type { NameType } from '../expressions/names.ts';
import type { Rule } from '../release/manifest-rules.ts';
import { type CompiledDerived, compileDerived } from './compile-derived.ts';
import { type CompiledRule, compileRule } from './compile-rule.ts';
import { nameFaults } from './name-faults.ts';
import { type Declared, namesOfRules } from './names-of.ts';

/** Everything of a release that is an expression. */
export interface CompiledRules extends Pick<CompiledDerived, 'derived' | 'types'> {
  readonly onInput: readonly CompiledRule[];
  readonly onOutput: readonly CompiledRule[];
  /** Steps that one row takes at most. */
  readonly steps: number;
}

/** For one row: a few hundred microseconds, since a step takes about 30 nanoseconds. */
const maxSteps = 10_000;

const codeFaults = (rules: readonly Rule[]): string[] =>
  rules.flatMap(({ code }, index) => {
    const first = rules.findIndex((other) => other.code === code);
    return first === index
      ? []
      : [`rules.${index}.code: ${code} is that of rules.${first}; join both conditions with ||`];
  });

const compileSide = (declared: Declared, types: Readonly<Record<string, NameType>>, side: Rule['on']) => {
  const here = declared.manifest.rules.flatMap((rule, index) => (rule.on === side ? [{ rule, index }] : []));
  if (here.length === 0) return { rules: [], faults: [] };
  const language = createLanguage(namesOfRules(declared, types, side));
  const compiled = here.map(({ rule, index }) => compileRule(rule, `rules.${index}`, language));
  return {
    rules: compiled.flatMap(({ rule }) => (rule === undefined ? [] : [rule])),
    faults: compiled.flatMap(({ faults }) => faults),
  };
};

const sum = (numbers: readonly number[]): number => numbers.reduce((total, each) => total + each, 0);

/** Compiles the rules and derived features of a release. */
export const compileRules = (
  declared: Declared,
): { readonly value: CompiledRules } | { readonly faults: readonly string[] } => {
  const names = nameFaults(declared);
  if (names.length > 0) return { faults: names };
  const { derived, types, faults } = compileDerived(declared);
  const input = compileSide(declared, types, 'input');
  const output = compileSide(declared, types, 'output');
  const steps = sum([
    ...derived.map(({ expression }) => expression.steps),
    ...[...input.rules, ...output.rules].map(({ when, message }) => when.steps + message.steps),
  ]);
  const all = [...faults, ...codeFaults(declared.manifest.rules), ...input.faults, ...output.faults];
  if (steps > maxSteps)
    all.push(
      `rules: they take up to ${steps} steps for one row, expected at most ${maxSteps}; shorten lists or loops`,
    );
  if (all.length > 0) return { faults: all };
  return { value: { derived, types, onInput: input.rules, onOutput: output.rules, steps } };
};
