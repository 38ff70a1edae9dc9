import type { SingleFeature } from '../release/manifest-features.ts';
import type { Release } from '../release/release.ts';
import { type JsonScalar, unpackValues } from '../tensor/json-values.ts';
import type { Tensor } from '../tensor/tensor.ts';
import type { Features, FeatureValue } from './value.ts';

/** Tensors → the features of each of their rows. */
export type DecodeFeatures = (tensors: readonly Tensor[]) => Features[];

const numberOf = (value: JsonScalar | undefined): number => Number(value ?? Number.NaN);

const decodeCategory = (
  { as, values = [] }: Extract<SingleFeature, { type: 'category' }>,
  value: JsonScalar | undefined,
): string => (as === 'index' ? (values[numberOf(value)] ?? '') : String(value ?? ''));

/** The inverse of encoding, but for booleans, whose absence is encoded as false. */
const decodeValue = (
  feature: SingleFeature,
  value: JsonScalar | undefined,
  mayBeMissing: boolean,
): FeatureValue => {
  if (feature.type === 'boolean') return numberOf(value) !== 0;
  const decoded = feature.type === 'category' ? decodeCategory(feature, value) : numberOf(value);
  const isMissing = decoded === '' || Number.isNaN(decoded);
  return isMissing && mayBeMissing ? null : decoded;
};

const valuesOf = ({ datatype, data }: Tensor): readonly JsonScalar[] => {
  const values = unpackValues(datatype, data);
  return 'error' in values ? [] : values.value;
};

/** Rows of a request's tensors; without a batch axis there is one. */
export const rowsOf = (signature: Release['signature'], [first]: readonly Tensor[]): number =>
  signature.maxBatchSize === 0 ? 1 : (first?.shape[0] ?? 1);

/**
 * Compiles the way back: what the graph gets as features, as nearly as the tensors tell.
 * @param missing features of which the encoding of an absent value means that it is missing
 */
export const compileDecoder = (
  { signature }: Pick<Release, 'signature'>,
  features: readonly SingleFeature[],
  missing: ReadonlySet<string>,
): DecodeFeatures => {
  return (tensors) => {
    const rows = rowsOf(signature, tensors);
    const values = new Map(tensors.map((tensor) => [tensor.name, valuesOf(tensor)]));
    const decodeRow = (row: number): Features =>
      Object.fromEntries(
        features.map((feature) => {
          const all = values.get(feature.tensor) ?? [];
          const value = all[(all.length / rows) * row + feature.column];
          return [feature.name, decodeValue(feature, value, missing.has(feature.name))];
        }),
      );
    return Array.from({ length: rows }, (_, row) => decodeRow(row));
  };
};
