import { numberOf } from '../features/encode-features.ts';
import type { CategoryFeature, NumberFeature, SingleFeature } from '../release/manifest-features.ts';
import type { Datatype } from '../tensor/datatypes.ts';
import { rangeOf, unfitNumber } from '../tensor/number-ranges.ts';
import { patternFault } from './check-pattern.ts';

const rangeFaults = ({ minimum, maximum }: NumberFeature, datatype: Datatype): string[] => {
  const [low = Number.NEGATIVE_INFINITY, high = Number.POSITIVE_INFINITY] = rangeOf(datatype) ?? [];
  if (minimum !== undefined && maximum !== undefined && minimum > maximum)
    return [`minimum: ${minimum} is above the maximum, ${maximum}`];
  return [
    ...(minimum !== undefined && minimum > high ? [`minimum: no ${datatype} is at least ${minimum}`] : []),
    ...(maximum !== undefined && maximum < low ? [`maximum: no ${datatype} is at most ${maximum}`] : []),
  ];
};

const textFaults = ({ values, default: fallback, pattern, maxLength }: CategoryFeature): string[] => {
  const faults: string[] = [];
  if (values !== undefined && (pattern !== undefined || maxLength !== undefined))
    faults.push(`${pattern === undefined ? 'maxLength' : 'pattern'}: values say already what may come`);
  const fault = pattern === undefined ? undefined : patternFault(pattern, maxLength);
  if (fault !== undefined) faults.push(`pattern: ${fault}`);
  if (values?.some((value) => value.includes('\0')) || fallback?.includes('\0'))
    faults.push('values: one has a NUL, which ONNX Runtime strings cannot carry');
  return faults;
};

/** What the datatype does not take of the values that stand in for a missing one. */
const standInFaults = (feature: SingleFeature, datatype: Datatype): string[] => {
  if (datatype === 'BYTES') return [];
  const expected = unfitNumber(datatype, numberOf(feature, {}));
  if (expected === undefined) return [];
  if (feature.default !== undefined) return [`default: expected ${expected}, got ${feature.default}`];
  return feature.nullable === true
    ? [`nullable: nothing stands in for null in ${datatype}; give a default`]
    : [];
};

/** Where a feature's limits contradict each other, its default or its tensor; each fault begins with the key. */
export const limitFaults = (feature: SingleFeature, datatype: Datatype): string[] => [
  ...(feature.type === 'number' ? rangeFaults(feature, datatype) : []),
  ...(feature.type === 'category' ? textFaults(feature) : []),
  ...standInFaults(feature, datatype),
];
