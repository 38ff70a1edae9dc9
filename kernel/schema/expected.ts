import type { ErrorObject } from 'ajv/dist/2020.js';
import { type FeatureValue, shown } from '../features/value.ts';
import { unfitNumber } from '../tensor/number-ranges.ts';
import type { GivenFeature } from './derive-schema.ts';
import type { JsonSchema } from './json-schema.ts';
import { nearMiss } from './near-miss.ts';

/** Values that a message lists, in characters; what came stands behind them. */
const maxListed = 120;

/** As many names from the front as fit. */
export const listed = (names: readonly string[]): string => {
  let length = 0;
  const first = names.filter((name, index) => {
    length += name.length + 2;
    return index === 0 || length <= maxListed;
  });
  return first.length === names.length ? names.join(', ') : `${first.join(', ')} … (${names.length} in all)`;
};

const typeWords = {
  number: 'a number',
  boolean: 'true or false',
  category: 'a string',
  tensor: 'a list',
} as const;

const expectedType = ({ feature }: GivenFeature, { data, schema }: ErrorObject): string => {
  if (typeof data === 'number' && !Number.isFinite(data)) return 'a finite number';
  const ofFeature =
    feature.type === 'tensor' || typeof data !== (feature.type === 'category' ? 'string' : feature.type);
  return ofFeature ? typeWords[feature.type] : [schema].flat().join(' or ');
};

const bounds: Readonly<Record<string, string>> = {
  minimum: 'a number of at least',
  maximum: 'a number of at most',
  exclusiveMinimum: 'a number above',
  exclusiveMaximum: 'a number below',
  multipleOf: 'a multiple of',
  type: 'a whole number',
};

const expectedNumber = ({ datatype }: GivenFeature, { keyword, schema, data }: ErrorObject): string => {
  const unfit = typeof data === 'number' && datatype !== 'BYTES' ? unfitNumber(datatype, data) : undefined;
  return unfit ?? `${bounds[keyword]}${keyword === 'type' ? '' : ` ${schema}`}`;
};

const counted: Readonly<Record<string, string>> = {
  Length: 'characters',
  Items: 'elements',
  Properties: 'features',
};

const expectedLength = ({ keyword, schema }: ErrorObject): string =>
  `${keyword.startsWith('min') ? 'at least' : 'at most'} ${schema} ${counted[keyword.slice('min'.length)]}`;

export const valuesOf = ({ keyword, schema }: ErrorObject): string[] =>
  (keyword === 'const' ? [schema] : Array.isArray(schema) ? schema : [])
    .filter((each) => each !== null)
    .map(String);

const orNear = (error: ErrorObject): string => {
  const near = typeof error.data === 'string' ? nearMiss(error.data, valuesOf(error)) : undefined;
  return near === undefined ? '' : ` (did you mean '${near}'?)`;
};

const inWords = ({ title, description }: JsonSchema): string =>
  String(title ?? description ?? 'what the schema of the release allows');

/** What all features together should have been. */
export const expectedTogether = (error: ErrorObject): string =>
  `expected ${error.keyword.endsWith('Properties') ? expectedLength(error) : inWords(error.parentSchema ?? {})}`;

/** What should have come, in words, and what came. */
export const expectedMessage = (rule: string, given: GivenFeature, error: ErrorObject): string => {
  const got = `got ${shown(error.data as FeatureValue)}`;
  switch (rule) {
    case 'type':
      return `expected ${expectedType(given, error)}, ${got}`;
    case 'enum': {
      const values = error.schema === null ? ['null'] : valuesOf(error);
      return `expected ${values.length === 1 ? '' : 'one of '}${listed(values)}, ${got}${orNear(error)}`;
    }
    case 'text':
      return `expected a string without NUL, which ONNX Runtime strings cannot carry, got one at character ${String(error.data).indexOf('\0')}`;
    case 'range':
      return `expected ${expectedNumber(given, error)}, ${got}`;
    case 'length':
      return `expected ${expectedLength(error)}, ${got}`;
    case 'pattern':
      return `expected a string that matches ${error.schema}, ${got}`;
    case 'format':
      return `expected a string of the format ${error.schema}, ${got}`;
    default:
      return `expected ${inWords(error.parentSchema ?? {})}, ${got}`;
  }
};
