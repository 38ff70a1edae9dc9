import type { ErrorObject } from 'ajv/dist/2020.js';
import type { Violation } from '../errors/sluice-error.ts';
import { fp32Overflow } from '../tensor/number-ranges.ts';
import { type GivenFeature, isNeeded } from './derive-schema.ts';
import { expectedMessage, expectedTogether, listed, valuesOf } from './expected.ts';
import type { JsonSchema } from './json-schema.ts';
import { nearMiss } from './near-miss.ts';
import { ruleOf } from './rules.ts';

/** What violations are made with. */
export interface Described {
  /** In the manifest's order. */
  readonly given: ReadonlyMap<string, GivenFeature>;
  /** What each feature must be, by its name. */
  readonly properties: Readonly<Record<string, JsonSchema>>;
}

/** Where an error is; empty: in the features together. */
const nameOf = ({ instancePath, params }: ErrorObject): string =>
  typeof params['missingProperty'] === 'string'
    ? params['missingProperty']
    : instancePath.slice(1).replaceAll('~1', '/').replaceAll('~0', '~');

const boundWords = [
  ['minimum', '>='],
  ['exclusiveMinimum', '>'],
  ['maximum', '<='],
  ['exclusiveMaximum', '<'],
  ['multipleOf', 'a multiple of'],
] as const;

/** Bounds that say no more than a number. */
const ofFp32 = [fp32Overflow, -fp32Overflow];

const boundsOf = (schema: JsonSchema): string[] =>
  boundWords.flatMap(([keyword, words]) =>
    keyword in schema && !ofFp32.includes(Number(schema[keyword])) ? [`${words} ${schema[keyword]}`] : [],
  );

const nearFirst = (values: readonly string[], came: unknown): string[] => {
  const near = typeof came === 'string' ? nearMiss(came, values) : undefined;
  return near === undefined ? [...values] : [near, ...values.filter((each) => each !== near)];
};

/** What a feature may be: its values, else its type and bounds. */
const allowedBy = ({ type, enum: values, ...schema }: JsonSchema): string[] => {
  const first = Array.isArray(values) ? values : [type].flat();
  const told = first.filter((each) => each !== null && each !== 'null' && each !== undefined).map(String);
  return Array.isArray(values) ? told : [...told, ...boundsOf(schema)];
};

const missing = ({ keyword, params }: ErrorObject, given: GivenFeature, property: JsonSchema) => {
  const where = keyword === 'dependentRequired' ? ` where ${params['property']} is given` : '';
  return {
    rule: 'required',
    message: `missing${where}; expected a ${given.feature.type}`,
    allowed: allowedBy(property),
  };
};

const toViolation = (error: ErrorObject, { given, properties }: Described): Violation => {
  const name = nameOf(error);
  const feature = given.get(name);
  const path = `features.${name}`;
  if (feature === undefined) {
    return { path: 'features', rule: ruleOf(error), message: expectedTogether(error) };
  }
  const property = properties[name] ?? {};
  const rule = ruleOf(error);
  if (rule === 'required' || (rule === 'type' && error.data === null && isNeeded(feature)))
    return { path, ...missing(error, feature, property) };
  const allowed =
    rule === 'enum' ? nearFirst(valuesOf(error), error.data) : allowedBy(error.parentSchema ?? property);
  return { path, rule, message: expectedMessage(rule, feature, error), allowed };
};

/** Errors of the branches are told by the keyword that has them. */
const isTold = ({ keyword, schemaPath }: ErrorObject): boolean =>
  keyword !== 'if' && !/\/(?:anyOf|oneOf)\/\d+\//.test(schemaPath);

/** After one of these nothing else need be said of a value. */
const decisive = new Set(['required', 'type', 'unknown']);

/** The first of each rule, and of those that follow a decisive one none. */
const withoutEchoes = (violations: readonly Violation[]): Violation[] => {
  const told = new Map<string, Set<string>>();
  return violations.filter(({ path, rule }) => {
    const rules = told.get(path) ?? new Set();
    told.set(path, rules);
    const isEcho = rules.has(rule) || [...rules].some((each) => decisive.has(each));
    rules.add(rule);
    return !isEcho;
  });
};

/** Errors of ajv as violations, one for each rule that a feature breaks, in the order of the features. */
export const violationsOf = (errors: readonly ErrorObject[], described: Described): Violation[] => {
  const order = new Map([...described.given.keys()].map((name, index) => [`features.${name}`, index]));
  const violations = errors.filter(isTold).map((error) => toViolation(error, described));
  const placed = withoutEchoes(violations);
  return placed.sort(
    (one, other) => (order.get(one.path) ?? order.size) - (order.get(other.path) ?? order.size),
  );
};

/** A name that is no feature of the release. */
export const unknownFeature = (name: string, names: readonly string[]): Violation => {
  const near = nearMiss(name, names);
  const meant = near === undefined ? '' : ` (did you mean '${near}'?)`;
  return {
    path: `features.${name}`,
    rule: 'unknown',
    message: `unknown feature${meant}; the release has ${listed(names)}`,
    allowed: nearFirst(names, name),
  };
};
