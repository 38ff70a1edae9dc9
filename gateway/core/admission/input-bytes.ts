import type { FeatureValue } from '@sluice/kernel/features/value';
import type { CallInput } from '../call.ts';

/** What a number of a feature takes, and about what everything else does beside its text. */
const valueBytes = 8;

const bytesOfValue = (value: FeatureValue): number => {
  if (typeof value === 'string') return valueBytes + value.length;
  if (typeof value !== 'object' || value === null) return valueBytes;
  let bytes = valueBytes;
  for (const part of Array.isArray(value) ? value : Object.values(value)) bytes += bytesOfValue(part);
  return bytes;
};

/** Bytes that the input of a call keeps: exactly for tensors, about for features. */
export const inputBytes = (input: CallInput): number => {
  let bytes = 0;
  if (input.kind === 'tensors') for (const { data } of input.tensors) bytes += data.byteLength;
  else for (const name in input.features) bytes += bytesOfValue(input.features[name] ?? null);
  return bytes;
};
