import { fromStruct } from '@sluice/kernel/features/struct';
import { isDatatype } from '@sluice/kernel/tensor/datatypes';
import { unpackValues } from '@sluice/kernel/tensor/json-values';
import type { RecordedInput__Output } from '@sluice/protos/gen/sluice/v1/RecordedInput';
import type { RecordedOutcome__Output } from '@sluice/protos/gen/sluice/v1/RecordedOutcome';
import type { RecordedTensors__Output } from '@sluice/protos/gen/sluice/v1/RecordedTensors';

/** Beyond 2^53 a number of JSON is not read exactly: such integers are strings, as in proto3's JSON. */
const exactly = (_: string, value: unknown): unknown => {
  if (typeof value !== 'bigint') return value;
  const number = Number(value);
  return Number.isSafeInteger(number) ? number : String(value);
};

/** Of a tensor whose values are written as JSON too; those of a larger one are in the record alone, as bytes. */
const maxTensorBytes = 8 * 1024;

/** Flat values by tensor; null for those that have no JSON form, or are large. */
const tensorValues = ({ tensors }: RecordedTensors__Output): Record<string, unknown> =>
  Object.fromEntries(
    tensors.map(({ name, datatype, raw }) => {
      const isSmall = raw.length <= maxTensorBytes;
      const values = isSmall && isDatatype(datatype) ? unpackValues(datatype, raw) : undefined;
      return [name, values !== undefined && 'value' in values ? values.value : null];
    }),
  );

/** The input as JSON: features by name, or flat values by tensor; null where the record has none of either. */
export const featuresJson = (input: RecordedInput__Output | null): string | null => {
  if (input?.features) return JSON.stringify(fromStruct(input.features));
  if (input?.tensors) return JSON.stringify(tensorValues(input.tensors), exactly);
  return null;
};

/** The answer as JSON: outputs by name, or flat values by tensor; null for what is no prediction. */
export const outputsJson = (outcome: RecordedOutcome__Output | null): string | null => {
  if (outcome?.prediction) return JSON.stringify(fromStruct(outcome.prediction.outputs));
  if (outcome?.tensors) return JSON.stringify(tensorValues(outcome.tensors), exactly);
  return null;
};

export const outcomeOf = (outcome: RecordedOutcome__Output | null): 'prediction' | 'refusal' | 'failure' => {
  if (outcome?.refusal) return 'refusal';
  return outcome?.prediction || outcome?.tensors ? 'prediction' : 'failure';
};
