import { numberOf } from '../features/encode-features.ts';
import {
  derivedOf,
  type Feature,
  type NumberFeature,
  type SingleFeature,
} from '../release/manifest-features.ts';
import type { Datatype } from '../tensor/datatypes.ts';
import { fp32Overflow, rangeOf, unfitNumber } from '../tensor/number-ranges.ts';
import type { TensorSpec } from '../tensor/tensor.ts';
import { defaultPatternLength } from './check-pattern.ts';
import { type JsonSchema, textWithNul } from './json-schema.ts';

/** A feature that callers give, and the datatype of the tensor that it goes into. */
export interface GivenFeature {
  readonly feature: Feature;
  readonly datatype: Datatype;
}

/** Those that callers give. */
export const givenFeatures = (features: readonly Feature[], inputs: readonly TensorSpec[]): GivenFeature[] =>
  features
    .filter((feature) => derivedOf(feature) === undefined)
    .map((feature) => ({
      feature,
      datatype: inputs.find(({ name }) => name === feature.tensor)?.datatype ?? 'BYTES',
    }));

/** Whether a tensor can hold a value that stands in for the caller's. */
const canStandIn = (datatype: Datatype, value: number): boolean => unfitNumber(datatype, value) === undefined;

/** Whether something stands in for a missing value. An integer tensor has no NaN. */
const mayBeMissing = ({ feature, datatype }: GivenFeature): boolean =>
  feature.type !== 'tensor' && (datatype === 'BYTES' || canStandIn(datatype, numberOf(feature, {})));

/** Whether a request without the feature is refused. */
export const isNeeded = (given: GivenFeature): boolean => given.feature.required || !mayBeMissing(given);

/** Whether null may come; it counts as missing. */
export const isNullable = (given: GivenFeature): boolean => {
  const { feature } = given;
  if (feature.type === 'tensor' || !mayBeMissing(given)) return false;
  return feature.nullable ?? !feature.required;
};

const numberSchema = (feature: NumberFeature, datatype: Datatype): JsonSchema => {
  const { minimum, maximum, integer } = feature;
  const [low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY] = rangeOf(datatype) ?? [];
  const from = Math.max(low, minimum ?? low);
  const to = Math.min(high, maximum ?? high);
  return {
    type: integer || rangeOf(datatype) !== undefined ? 'integer' : 'number',
    ...(Number.isFinite(from) ? { minimum: from } : {}),
    ...(Number.isFinite(to) ? { maximum: to } : {}),
    ...(datatype === 'FP32' && from <= -fp32Overflow ? { exclusiveMinimum: -fp32Overflow } : {}),
    ...(datatype === 'FP32' && to >= fp32Overflow ? { exclusiveMaximum: fp32Overflow } : {}),
  };
};

/** Whether a category outside `values` is refused. */
const isClosed = (feature: Extract<Feature, { type: 'category' }>, datatype: Datatype): boolean =>
  feature.values !== undefined &&
  (feature.unknown === 'error' || (feature.as === 'index' && !canStandIn(datatype, -1)));

const singleSchema = (feature: SingleFeature, datatype: Datatype): JsonSchema => {
  if (feature.type === 'number') return numberSchema(feature, datatype);
  if (feature.type === 'boolean') return { type: 'boolean' };
  if (isClosed(feature, datatype)) return { type: 'string', enum: feature.values ?? [] };
  const { pattern, maxLength = pattern === undefined ? undefined : defaultPatternLength } = feature;
  return {
    type: 'string',
    not: textWithNul,
    ...(pattern === undefined ? {} : { pattern }),
    ...(maxLength === undefined ? {} : { maxLength }),
  };
};

const orNull = ({ type, enum: values, ...rest }: JsonSchema): JsonSchema => ({
  type: [type, 'null'],
  ...(Array.isArray(values) ? { enum: [...values, null] } : {}),
  ...rest,
});

const wordsOf = (feature: Feature): JsonSchema => {
  const { description, unit } = feature;
  const told = [description, unit === undefined ? undefined : `in ${unit}`].filter(
    (text) => text !== undefined,
  );
  const fallback = feature.type === 'tensor' ? undefined : feature.default;
  const coerced = feature.type !== 'tensor' && feature.coerce;
  return {
    ...(told.length === 0 ? {} : { description: told.join(', ') }),
    ...(fallback === undefined ? {} : { default: fallback }),
    ...(coerced ? { $comment: 'What says such a value in another type is taken too.' } : {}),
  };
};

/** Elements of lists are held against their tensor when they are encoded. */
const listTypes = ['array', 'boolean', 'number', 'string'];

const propertyOf = (given: GivenFeature): JsonSchema => {
  const { feature, datatype } = given;
  if (feature.type === 'tensor') return { type: listTypes, ...wordsOf(feature) };
  const schema = singleSchema(feature, datatype);
  return { ...(isNullable(given) ? orNull(schema) : schema), ...wordsOf(feature) };
};

/**
 * The schema that the features of a release have by themselves. What fits it can be encoded, but for lists, which
 * their tensor judges.
 */
export const deriveSchema = (given: readonly GivenFeature[]): JsonSchema => ({
  type: 'object',
  properties: Object.fromEntries(given.map((each) => [each.feature.name, propertyOf(each)])),
  required: given.filter(isNeeded).map(({ feature }) => feature.name),
  additionalProperties: false,
});
