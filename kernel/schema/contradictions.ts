import type { Feature } from '../release/manifest-features.ts';
import { type GivenFeature, isNeeded } from './derive-schema.ts';
import type { Branches, FeaturesSchema, SchemaFile, ValueSchema } from './keywords.ts';
import { nearMiss } from './near-miss.ts';

/** JSON types that values of a feature may have. */
const typesOf = ({ type }: Feature): readonly string[] => {
  if (type === 'number') return ['number', 'integer', 'null'];
  if (type === 'tensor') return ['array', 'number', 'integer', 'boolean', 'string'];
  return [type === 'category' ? 'string' : 'boolean', 'null'];
};

const numberKeywords = ['minimum', 'maximum', 'exclusiveMinimum', 'exclusiveMaximum', 'multipleOf'] as const;
const textKeywords = ['minLength', 'maxLength', 'pattern', 'format'] as const;
const listKeywords = ['minItems', 'maxItems'] as const;
const keywordsOf = {
  number: numberKeywords,
  category: textKeywords,
  tensor: listKeywords,
  boolean: [],
} as const;
const limiting = [...numberKeywords, ...textKeywords, ...listKeywords];

const jsonType = (value: unknown): string => (value === null ? 'null' : typeof value);

const valueFaults = (feature: Feature, schema: ValueSchema): string[] => {
  const { type, enum: values, const: constant } = schema;
  const types = typesOf(feature);
  const path = `properties.${feature.name}`;
  const faults = idleKeywords(feature, schema).map(
    (keyword) => `${path}.${keyword}: it says nothing of a ${feature.type}`,
  );
  if (type !== undefined && ![type].flat().some((each) => types.includes(each)))
    faults.push(
      `${path}.type: the feature is a ${feature.type}, which is never ${[type].flat().join(' or ')}`,
    );
  const chosen = [...(values ?? []), ...(constant === undefined ? [] : [constant])];
  for (const each of chosen) {
    const isStrange = !types.includes(jsonType(each)) || isOutside(feature, each);
    if (isStrange) faults.push(`${path}.enum: ${JSON.stringify(each)} is no value of the feature`);
  }
  return faults;
};

/** Keywords that say nothing of such a feature, in the branches too. */
const idleKeywords = (feature: Feature, schema: ValueSchema): string[] => {
  const apt: readonly string[] = keywordsOf[feature.type];
  return [
    ...limiting.filter((keyword) => schema[keyword] !== undefined && !apt.includes(keyword)),
    ...branchesOf(schema).flatMap((branch) => idleKeywords(feature, branch)),
  ];
};

const isOutside = (feature: Feature, value: unknown): boolean =>
  feature.type === 'category' &&
  feature.unknown === 'error' &&
  feature.values !== undefined &&
  typeof value === 'string' &&
  !feature.values.includes(value);

const branchesOf = <Schema>({ allOf = [], anyOf = [], oneOf = [], ...one }: Branches<Schema>): Schema[] => [
  ...allOf,
  ...anyOf,
  ...oneOf,
  ...[one.not, one.if, one.then, one.else].filter((each) => each !== undefined),
];

/** Names that a schema uses, each with the keyword. */
const namesIn = (schema: FeaturesSchema): [keyword: string, name: string][] => {
  const { properties = {}, required = [], dependentRequired = {} } = schema;
  const dependent = Object.entries(dependentRequired).flatMap(([name, others]) => [name, ...others]);
  return [
    ...Object.keys(properties).map((name): [string, string] => ['properties', name]),
    ...required.map((name): [string, string] => ['required', name]),
    ...dependent.map((name): [string, string] => ['dependentRequired', name]),
  ];
};

const faultsIn = (schema: FeaturesSchema, features: ReadonlyMap<string, Feature>): string[] => {
  const names = [...features.keys()];
  const strange = namesIn(schema).filter(([, name]) => !features.has(name));
  return [
    ...strange.map(([keyword, name]) => {
      const near = nearMiss(name, names);
      return `${keyword}: there is no feature ${name}${near === undefined ? '' : ` (did you mean '${near}'?)`}`;
    }),
    ...Object.entries(schema.properties ?? {}).flatMap(([name, value]) => {
      const feature = features.get(name);
      return feature === undefined ? [] : valueFaults(feature, value);
    }),
    ...branchesOf(schema).flatMap((branch) => faultsIn(branch, features)),
  ];
};

/**
 * Where a schema file contradicts the features of its release: names that are no features, types and values that they
 * never have.
 */
export const contradictions = (schema: SchemaFile, given: readonly GivenFeature[]): string[] => {
  const features = new Map(given.map(({ feature }) => [feature.name, feature]));
  const faults = faultsIn(schema, features);
  if (schema.additionalProperties === undefined) return faults;
  const left = given.filter(({ feature }) => !Object.hasOwn(schema.properties ?? {}, feature.name));
  return [
    ...faults,
    ...left.map(
      (each) =>
        `additionalProperties: false leaves out ${each.feature.name}, a ${isNeeded(each) ? 'required ' : ''}feature`,
    ),
  ];
};
