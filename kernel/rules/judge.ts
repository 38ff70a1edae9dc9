import { messageOf } from '../errors/message-of.ts';
import { invalidInput, SluiceError } from '../errors/sluice-error.ts';
import type { Values } from '../expressions/names.ts';
import type { ModelParameters } from '../features/name-outputs.ts';
import type { Features } from '../features/value.ts';
import type { SingleFeature } from '../release/manifest-features.ts';
import type { ReleaseName } from '../release/release.ts';
import { type Derived, derive } from './compile-derived.ts';
import type { CompiledRule } from './compile-rule.ts';

/** What a rule answers instead of a prediction. */
export interface Refusal {
  readonly code: string;
  readonly message: string;
}

/** What the expressions of a release work with. */
export interface Parts {
  readonly release: ReleaseName;
  readonly named: readonly SingleFeature[];
  readonly parameters: Readonly<Record<string, number | string | boolean>>;
}

const failed = (what: string, { model, version }: ReleaseName, error: unknown): SluiceError =>
  new SluiceError('RULE_FAILED', `${what} of ${model} ${version} failed: ${messageOf(error)}`, {
    cause: error,
  });

/** Longest text that an expression looks at: what it costs grows with it. */
const maxTextLength = 65_536;

const tooLong = (name: string, { length }: string): SluiceError =>
  invalidInput([
    {
      path: `features.${name}`,
      rule: 'length',
      message: `expected at most ${maxTextLength} characters, got ${length}`,
    },
  ]);

/** Defaults stand in for what is missing; null: there is none. @throws SluiceError INVALID_INPUT for texts that are too long */
const valuesOf = (named: readonly SingleFeature[], given: Features): Record<string, unknown> => {
  const values: Record<string, unknown> = {};
  for (const { name, default: fallback } of named) {
    const value = given[name] ?? fallback ?? null;
    if (typeof value === 'string' && value.length > maxTextLength) throw tooLong(name, value);
    values[name] = value;
  }
  return values;
};

/** The revision's, where it says something. @throws Error where that is of another type. */
const resolveParameters = (
  declared: Readonly<Record<string, number | string | boolean>>,
  given: ModelParameters,
): ModelParameters => {
  const resolved: Record<string, number | string | boolean> = { ...declared };
  for (const [name, fallback] of Object.entries(declared)) {
    const value = given[name];
    if (value === undefined) continue;
    if (typeof value !== typeof fallback)
      throw new Error(
        `parameters.${name} is a ${typeof value} in the revision, the manifest says ${typeof fallback}`,
      );
    resolved[name] = value;
  }
  return resolved;
};

/** The first rule that refuses. */
const firstRefusal = (
  rules: readonly CompiledRule[],
  release: ReleaseName,
  values: Values,
): Refusal | undefined => {
  for (const { code, when, message } of rules) {
    try {
      if (when.evaluate(values) === true) return { code, message: message.render(values) };
    } catch (error) {
      throw failed(`rule ${code}`, release, error);
    }
  }
  return undefined;
};

/** Only what is read is looked up. */
const readBy = (named: readonly SingleFeature[], reads: ReadonlySet<string>): SingleFeature[] =>
  named.filter(({ name }) => reads.has(name));

type Judge = (given: Features, revision: ModelParameters, outputs?: Features) => Refusal | undefined;

/** Asks rules in their order. */
export const judgeOver = (rules: readonly CompiledRule[], { release, named, parameters }: Parts): Judge => {
  if (rules.length === 0) return () => undefined;
  const reads = new Set(rules.flatMap(({ when, message }) => [...when.reads, ...message.reads]));
  const features = readBy(named, reads);
  const parametersFrom = (given: ModelParameters): ModelParameters => {
    try {
      return resolveParameters(parameters, given);
    } catch (error) {
      throw failed('a rule', release, error);
    }
  };
  return (given, revision, outputs) => {
    const values = valuesOf(features, given);
    if (reads.has('parameters')) values['parameters'] = parametersFrom(revision);
    if (outputs !== undefined) values['outputs'] = outputs;
    return firstRefusal(rules, release, values);
  };
};

/** Adds the derived features. */
export const deriveOver = (
  derived: readonly Derived[],
  { release, named }: Parts,
): ((given: Features) => Features) => {
  const read = readBy(named, new Set(derived.flatMap(({ expression }) => [...expression.reads])));
  return (given) => {
    if (derived.length === 0) return given;
    const values = valuesOf(read, given);
    const features: Record<string, Features[string]> = { ...given };
    for (const each of derived) {
      const { name } = each.feature;
      try {
        features[name] = derive(each, values);
      } catch (error) {
        throw failed('a derived feature', release, error);
      }
      values[name] = features[name];
    }
    return features;
  };
};
