import type { Struct, Struct__Output } from '@sluice/protos/gen/google/protobuf/Struct';
import type { Value, Value__Output } from '@sluice/protos/gen/google/protobuf/Value';
import type { Features, FeatureValue } from './value.ts';

/** google.protobuf.Struct and plain values. */

const fromValue = (value: Value__Output): FeatureValue => {
  switch (value.kind) {
    case 'numberValue':
      return value.numberValue ?? 0;
    case 'stringValue':
      return value.stringValue ?? '';
    case 'boolValue':
      return value.boolValue ?? false;
    case 'listValue':
      return value.listValue?.values.map(fromValue) ?? [];
    case 'structValue':
      return fromStruct(value.structValue ?? null);
    default:
      return null;
  }
};

/** An absent Struct is an empty one. */
export const fromStruct = (struct: Struct__Output | null): Features =>
  Object.fromEntries(Object.entries(struct?.fields ?? {}).map(([name, value]) => [name, fromValue(value)]));

const toValue = (value: FeatureValue): Value => {
  if (value === null) return { nullValue: 'NULL_VALUE' };
  if (typeof value === 'number') return { numberValue: value };
  if (typeof value === 'string') return { stringValue: value };
  if (typeof value === 'boolean') return { boolValue: value };
  if (isList(value)) return { listValue: { values: value.map(toValue) } };
  return { structValue: toStruct(value) };
};

const isList = (value: FeatureValue): value is readonly FeatureValue[] => Array.isArray(value);

export const toStruct = (features: Features): Struct => ({
  fields: Object.fromEntries(Object.entries(features).map(([name, value]) => [name, toValue(value)])),
});
