import { type Compiled, compileExpression, type Expression } from '../expressions/compile-expression.ts';
import { createLanguage, type Language } from '../expressions/language.ts';
import type { NameType, Values } from '../expressions/names.ts';
import type { FeatureValue } from '../features/value.ts';
import { derivedOf, type SingleFeature } from '../release/manifest-features.ts';
import { constantsOf, type Declared, namedFeatures, typeOfFeature } from './names-of.ts';

/** A feature that is computed of others. */
export interface Derived {
  readonly feature: SingleFeature;
  readonly expression: Expression;
}

export interface CompiledDerived {
  /** In an order in which each comes after those that it is computed of. */
  readonly derived: readonly Derived[];
  /** Of all features that can be named, derived ones too. */
  readonly types: Readonly<Record<string, NameType>>;
  readonly faults: readonly string[];
}

const kinds = { number: 'number', boolean: 'boolean', category: 'string' } as const;

/** A derived feature is only computed when what it reads is there: in its expression nothing is missing. */
const languageOf = (declared: Declared): Language => {
  const variables = namedFeatures(declared.manifest.features).map(
    (feature) => [feature.name, { kind: kinds[feature.type] }] as const,
  );
  return createLanguage({ variables: Object.fromEntries(variables), constants: constantsOf(declared) });
};

const faultsOf = (feature: SingleFeature, compiled: Compiled<Expression>): string[] => [
  ...(feature.required
    ? [`features.${feature.name}.required: it is derived, nobody can be required to give it`]
    : []),
  ...('error' in compiled ? [`features.${feature.name}.derived: ${compiled.error}`] : []),
];

/** Each after those that it reads. What is left over reads itself, at the end of a circle. */
const inOrder = (derived: readonly Derived[]): { readonly sorted: Derived[]; readonly circle: string[] } => {
  const sorted: Derived[] = [];
  let left = [...derived];
  for (;;) {
    const waiting = new Set(left.map(({ feature }) => feature.name));
    const ready = left.filter(({ expression }) => [...expression.reads].every((name) => !waiting.has(name)));
    if (ready.length === 0) return { sorted, circle: [...waiting] };
    sorted.push(...ready);
    left = left.filter((each) => !ready.includes(each));
  }
};

export const isNullable = (type: NameType | undefined): boolean =>
  type !== undefined && 'nullable' in type && type.nullable === true;

/** Compiles the features that are computed of others. */
export const compileDerived = (declared: Declared): CompiledDerived => {
  const named = namedFeatures(declared.manifest.features);
  const types: Record<string, NameType> = Object.fromEntries(
    named.map((feature) => [feature.name, typeOfFeature(feature)]),
  );
  const toDerive = declared.manifest.features.flatMap((feature) =>
    feature.type !== 'tensor' && derivedOf(feature) !== undefined ? [feature] : [],
  );
  if (toDerive.length === 0) return { derived: [], types, faults: [] };
  const language = languageOf(declared);
  const compiled = toDerive.map((feature) => {
    const expression = compileExpression(feature.derived ?? '', language, [kinds[feature.type]]);
    return { feature, expression };
  });
  const good = compiled.flatMap(({ feature, expression }) =>
    'value' in expression ? [{ feature, expression: expression.value }] : [],
  );
  const { sorted, circle } = inOrder(good);
  for (const { feature, expression } of sorted) {
    const { name, type, default: fallback } = feature;
    const nullable = fallback === undefined && [...expression.reads].some((read) => isNullable(types[read]));
    if (types[name] !== undefined) types[name] = { kind: kinds[type], nullable };
  }
  const circular =
    circle.length === 0 ? [] : [`features: ${circle.join(', ')} are derived of each other, in a circle`];
  return {
    derived: sorted,
    types,
    faults: [...compiled.flatMap(({ feature, expression }) => faultsOf(feature, expression)), ...circular],
  };
};

const checkedValue = (feature: SingleFeature, value: unknown): FeatureValue => {
  if (value === Number.POSITIVE_INFINITY || value === Number.NEGATIVE_INFINITY)
    throw new Error(`it gave ${value}`);
  if (feature.type === 'category' && feature.values !== undefined && feature.unknown === 'error')
    if (!feature.values.includes(String(value)))
      throw new Error(`it gave '${value}', which is not one of values`);
  return value as FeatureValue;
};

/**
 * The value of a derived feature among the others' `values`; null where one that it reads is missing.
 * @throws Error that names the feature, where there is no value.
 */
export const derive = ({ feature, expression }: Derived, values: Values): FeatureValue => {
  for (const name of expression.reads) if (values[name] === null) return feature.default ?? null;
  try {
    return checkedValue(feature, expression.evaluate(values));
  } catch (error) {
    throw new Error(`features.${feature.name}.derived failed: ${(error as Error).message}`, { cause: error });
  }
};
